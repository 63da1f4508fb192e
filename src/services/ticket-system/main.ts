import { readSettings } from '../../platform/config/settings.ts';
import { armFailpoints } from '../../platform/failpoints/failpoint.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createCommandLine } from '../../platform/processes/command-line.ts';
import { refuseTakenPorts } from '../../platform/processes/taken-ports.ts';
import { planFromSettings } from '../faults/plan-from-settings.ts';
import { TICKET_SYSTEM_PRESETS } from '../faults/ticket-system-faults.ts';
import { runService, servicePort, startOrExit } from '../http/run-service.ts';
import { createTicketSystem } from './app.ts';
import { failpointInterceptors } from './failpoints.ts';

const NAME = 'ticket system';

const commandLine = createCommandLine('npm run ticket-system --', {
  description: 'Serves the ticket system, until Ctrl-C. It issues tickets, and cannot promise to issue only one.',
  settings: {
    TICKET_SYSTEM_PORT: 'default 3001; 0 is any free port',
    TICKET_SYSTEM_MODE: 'what it can promise: none, deadline or idempotency-key; default none',
    DATABASE_DIR: 'where it stores tickets; default database',
    FAULTS: 'a preset of faults, such as hostile; default calm',
    FAULT_SEED: 'the same seed gives the same faults',
  },
  exitCodes: { 0: 'stopped by Ctrl-C', 1: 'could not start' },
});

await startOrExit(NAME, commandLine, async () => {
  const settings = readSettings();
  const { databaseDir, guarantee, acceptWithinMs, tokenTtlMs, crashAt, allowedHosts } = settings;
  const faultPlan = planFromSettings(TICKET_SYSTEM_PRESETS, { seed: settings.faultSeed, preset: settings.faults });
  const port = servicePort(settings.ticketSystemPort, 'TICKET_SYSTEM_PORT');
  await refuseTakenPorts([port]);
  const logger = createLogger('ticket-system', settings.logLevel);
  const armed = crashAt.length === 0 ? {} : { interceptors: failpointInterceptors(armFailpoints(crashAt)) };
  const app = await createTicketSystem({
    databaseDir,
    guarantee,
    acceptWithinMs,
    tokenTtlMs,
    faultPlan,
    logger,
    allowedHosts,
    ...armed,
  });
  await runService({ name: NAME, app, port });
});
