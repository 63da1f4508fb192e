import { readSettings } from '../../platform/config/settings.ts';
import { armFailpoints } from '../../platform/failpoints/failpoint.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { planOfSettings } from '../faults/plan-of-settings.ts';
import { TICKET_SYSTEM_PRESETS } from '../faults/ticket-system-presets.ts';
import { runService, startOrExit } from '../http/run-service.ts';
import { createTicketSystem } from './app.ts';

const NAME = 'ticket system';

await startOrExit(NAME, async () => {
  const settings = readSettings();
  armFailpoints(settings.crashAt);
  const { databaseDir, guarantee, tokenTtlMs } = settings;
  const faultPlan = planOfSettings(TICKET_SYSTEM_PRESETS, { seed: settings.faultSeed, preset: settings.faults });
  const logger = createLogger('ticket-system', settings.logLevel);
  const app = await createTicketSystem({ databaseDir, guarantee, tokenTtlMs, faultPlan, logger });
  await runService({ name: NAME, app, port: settings.ticketSystemPort, portSetting: 'TICKET_SYSTEM_PORT' });
});
