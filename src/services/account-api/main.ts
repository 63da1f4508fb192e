import { readSettings } from '../../platform/config/settings.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createCommandLine } from '../../platform/processes/command-line.ts';
import { refuseTakenPorts } from '../../platform/processes/taken-ports.ts';
import { ACCOUNT_PRESETS } from '../faults/account-faults.ts';
import { planFromSettings } from '../faults/plan-from-settings.ts';
import { runService, servicePort, startOrExit } from '../http/run-service.ts';
import { createAccountApi } from './app.ts';

const NAME = 'account API';

const commandLine = createCommandLine('npm run account-api --', {
  description: 'Serves the account API, until Ctrl-C. It withdraws and deposits money, and supports idempotency keys.',
  settings: {
    ACCOUNT_API_PORT: 'default 3002; 0 is any free port',
    DATABASE_DIR: 'where it keeps its journal; default database',
    FAULTS: 'a preset of faults, such as real-world; default calm',
    FAULT_SEED: 'the same seed gives the same faults',
    REAL_WORLD_MODE: "true fails as in the workshop's exercise",
  },
  exitCodes: { 0: 'stopped by Ctrl-C', 1: 'could not start' },
});

await startOrExit(NAME, commandLine, async () => {
  const { databaseDir, faults, faultSeed, realWorldMode, logLevel, accountApiPort, allowedHosts } = readSettings();
  const preset = realWorldMode ? 'workshop' : faults;
  const faultPlan = planFromSettings(ACCOUNT_PRESETS, { seed: faultSeed, preset });
  const port = servicePort(accountApiPort, 'ACCOUNT_API_PORT');
  await refuseTakenPorts([port]);
  const logger = createLogger('account-api', logLevel);
  const app = await createAccountApi({ databaseDir, faultPlan, logger, allowedHosts });
  await runService({ name: NAME, app, port });
});
