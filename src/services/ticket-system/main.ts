import { readSettings } from '../../config/settings.ts';
import { createFaultPlan, UnknownPresetError } from '../../faults/fault-plan.ts';
import { TICKET_SYSTEM_PRESETS } from '../../faults/ticket-system-presets.ts';
import { createLogger } from '../../logging/logger.ts';
import { runService, startOrExit } from '../http/run-service.ts';
import { createTicketSystem } from './app.ts';

const NAME = 'ticket system';

await startOrExit(NAME, async () => {
  const settings = readSettings();
  const { databaseDir, guarantee, tokenTtlMs } = settings;
  const faultPlan = namedPlan(settings.faultSeed, settings.faults);
  const logger = createLogger('ticket-system', settings.logLevel);
  const app = await createTicketSystem({ databaseDir, guarantee, tokenTtlMs, faultPlan, logger });
  await runService({ name: NAME, app, port: settings.ticketSystemPort, portSetting: 'TICKET_SYSTEM_PORT' });
});

function namedPlan(seed: number, preset: string) {
  try {
    return createFaultPlan(TICKET_SYSTEM_PRESETS, { seed, preset });
  } catch (error) {
    if (error instanceof UnknownPresetError) throw new Error(`FAULTS: ${error.message}`, { cause: error });
    throw error;
  }
}
