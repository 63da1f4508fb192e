import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { copySource } from '../../../testbed/source-copy.ts';
import { createUsersEnvironment, USERS_SETTINGS } from '../../../testbed/users-environment.fixture.ts';
import { PROJECT_FOLDER } from '../processes/project-folder.ts';
import { startChild } from '../processes/start-child.ts';
import { untilLine } from '../processes/until-ready.ts';
import { findTemporalCli } from '../temporal/find-cli.ts';

test('everything starts with its own server, whatever is in the environment and in .env', async () => {
  const cliPath = await findTemporalCli();
  const user = await createUsersEnvironment();
  const source = await copySource(PROJECT_FOLDER);
  const settings = Object.entries(USERS_SETTINGS).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(source.root, '.env'), settings.join(''));
  const temporal = { cliPath, databaseDir: source.root, port: 0, uiPort: 0 };
  const supervisor = await startChild({
    name: 'the supervisor',
    command: process.execPath,
    args: [
      ...['scripts/run.mjs', 'src/platform/supervisor/supervisor.fixture.ts'],
      JSON.stringify({ workerGraceMs: 10_000, temporal }),
    ],
    cwd: source.root,
    env: {
      ...user.env,
      ...{ DATABASE_DIR: source.root, TICKET_SYSTEM_PORT: '0', ACCOUNT_API_PORT: '0', METRICS_ADDRESS: '127.0.0.1:0' },
    },
  });
  try {
    await untilLine(supervisor, /everything is ready/, { what: 'the services and the worker', timeoutMs: 100_000 });
    expect(user.throughProxy()).toBe(0);
  } finally {
    await supervisor.stop(20_000);
    await source.remove();
    await user.close();
  }
});
