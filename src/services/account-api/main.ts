import { readSettings } from '../../platform/config/settings.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { refuseTakenPorts } from '../../platform/processes/taken-ports.ts';
import { ACCOUNT_PRESETS } from '../faults/account-faults.ts';
import { planFromSettings } from '../faults/plan-from-settings.ts';
import { runService, servicePort, startOrExit } from '../http/run-service.ts';
import { createAccountApi } from './app.ts';

const NAME = 'account API';

await startOrExit(NAME, async () => {
  const { databaseDir, faults, faultSeed, realWorldMode, logLevel, accountApiPort, allowedHosts } = readSettings();
  const preset = realWorldMode ? 'workshop' : faults;
  const faultPlan = planFromSettings(ACCOUNT_PRESETS, { seed: faultSeed, preset });
  const port = servicePort(accountApiPort, 'ACCOUNT_API_PORT');
  await refuseTakenPorts([port]);
  const logger = createLogger('account-api', logLevel);
  const app = await createAccountApi({ databaseDir, faultPlan, logger, allowedHosts });
  await runService({ name: NAME, app, port });
});
