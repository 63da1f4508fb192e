import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isAlive } from '../../../testbed/is-alive.ts';
import { PROJECT_FOLDER } from '../processes/project-folder.ts';
import { type Child, startChild } from '../processes/start-child.ts';
import { untilLine } from '../processes/until-ready.ts';
import { waitUntil } from '../processes/wait-until.ts';
import { findTemporalCli } from '../temporal/find-cli.ts';
import { WORKER_SOURCES } from './start-everything.ts';

const STAND_IN = [
  "process.on('SIGTERM', () => { console.log('stopped'); process.exit() });",
  'setInterval(() => {}, 1e4);',
];
const EXITS_WITH_PARENT = "process.on('disconnect', () => process.exit());";

let folder: string;
let cliPath: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-everything-'));
  cliPath = await findTemporalCli();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('startEverything', () => {
  test('starts in order, passes the addresses on, and stops in reverse order', async () => {
    const supervisor = await startSupervisor();
    const pids = await untilReady(supervisor);
    supervisor.stop(30_000);
    expect(await supervisor.exited).toEqual({ code: 0, signal: null });

    const lines = supervisor.output.tail();
    const positions = [
      /^temporal starting/,
      /^temporal is ready at/,
      /^ticket system starting/,
      /^ticket system ticket system listens/,
      /^account API account API listens/,
      /^worker worker is ready, calls http:\/\/127\.0\.0\.1:45678, http:\/\/127\.0\.0\.1:45679 and 127\.0\.0\.1:\d+/,
      /^worker stopping/,
      /^worker stopped/,
      /^account API stopping/,
      /^account API stopped/,
      /^ticket system stopping/,
      /^ticket system stopped/,
      /^temporal stopping/,
    ].map((line) => lines.findIndex((printed) => line.test(printed)));
    expect(positions).toEqual(positions.toSorted((one, other) => one - other));
    expect(positions).not.toContain(-1);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test('stops the others when one dies, and reports how it ended', async () => {
    const supervisor = await startSupervisor();
    const pids = await untilReady(supervisor);
    process.kill(pids[1] ?? 0, 'SIGKILL');

    expect((await supervisor.exited).code).toBe(1);
    expect(supervisor.output.tail()).toContain('failure: ticket system was killed by SIGKILL');
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test('starts a killed worker again, and one whose source has changed, while the rest goes on', async () => {
    const source = join(folder, 'project/src/worker/create-worker.ts');
    for (const name of WORKER_SOURCES) await mkdir(join(folder, 'project', name), { recursive: true });
    const supervisor = await startSupervisor(0, { workerMissingForMs: 50, watched: join(folder, 'project') });
    const [temporal = 0, ticketSystem = 0, accountApi = 0, worker = 0] = await untilReady(supervisor);
    const said = async (line: RegExp) =>
      void (await untilLine(supervisor, line, { what: String(line), timeoutMs: 100_000 }));
    process.kill(worker, 'SIGKILL');
    await said(/^worker the worker was killed\. Nothing is lost: orders and transfers wait/);
    await said(/^worker the worker runs again/);
    await writeFile(`${source}.next`, 'export const other = 1;');
    await rename(`${source}.next`, source);
    await said(/^worker src\/worker\/create-worker\.ts has changed: the worker starts again/);
    await waitUntil(
      () => supervisor.output.tail().filter((line) => line === 'worker the worker runs again').length === 2,
      {
        what: 'the third worker',
        timeoutMs: 100_000,
      },
    );

    expect([temporal, ticketSystem, accountApi].map(isAlive)).toEqual([true, true, true]);
    expect(isAlive(worker)).toBe(false);
    supervisor.stop(30_000);
    expect(await supervisor.exited).toEqual({ code: 0, signal: null });
  });

  test('leaves nothing behind when it is killed', async () => {
    const supervisor = await startSupervisor();
    const pids = await untilReady(supervisor);
    process.kill(supervisor.pid, 'SIGKILL');
    await supervisor.exited;

    await waitUntil(() => !pids.some(isAlive), { what: 'the end of everything it had started', timeoutMs: 60_000 });
  });

  test('says which port is in use and how to use a server that runs there', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const supervisor = await startSupervisor(port);

    expect((await supervisor.exited).code).toBe(1);
    expect(supervisor.output.tail().join('\n')).toContain(`failure: 127.0.0.1:${port} is already in use`);
    expect(supervisor.output.tail().join('\n')).toContain(`TEMPORAL_ADDRESS=127.0.0.1:${port}`);
    server.close();
  });
});

/** A process that starts everything, with stand-ins for our own programs that print their process ids. */
async function startSupervisor(port = 0, more: object = {}): Promise<Child> {
  const ticketSystem = [
    ...STAND_IN,
    EXITS_WITH_PARENT,
    "console.log('ticket system listens on http://127.0.0.1:45678', process.pid)",
  ];
  const accountApi = [
    ...STAND_IN,
    EXITS_WITH_PARENT,
    "console.log('account API listens on http://127.0.0.1:45679', process.pid)",
  ];
  const worker = [
    ...STAND_IN,
    EXITS_WITH_PARENT,
    "console.log('worker is ready, calls', process.env.TICKET_SYSTEM_URL + ', ' + process.env.ACCOUNT_API_URL, 'and', process.env.TEMPORAL_ADDRESS, process.pid)",
  ];
  const options = {
    ...more,
    workerGraceMs: 5_000,
    temporal: { cliPath, databaseDir: folder, port, uiPort: 0 },
    programs: {
      ticketSystem: ['-e', ticketSystem.join('')],
      accountApi: ['-e', accountApi.join('')],
      worker: ['-e', worker.join('')],
    },
  };
  const { TEMPORAL_ADDRESS: _, TICKET_SYSTEM_URL: __, ...env } = process.env;
  return startChild({
    name: 'supervisor',
    command: process.execPath,
    args: ['scripts/run.mjs', 'src/platform/supervisor/supervisor.fixture.ts', JSON.stringify(options)],
    cwd: PROJECT_FOLDER,
    env,
  });
}

/** The process ids of the Temporal server, both services and the worker. */
async function untilReady(supervisor: Child): Promise<number[]> {
  await untilLine(supervisor, /everything is ready/, { what: 'the supervisor', timeoutMs: 100_000 });
  const pidIn = (line: RegExp) =>
    Number(supervisor.output.tail().flatMap((printed) => line.exec(printed)?.[1] ?? [])[0]);
  return [
    pidIn(/temporal is ready at .* process (\d+)/),
    pidIn(/ticket system listens on .* (\d+)$/),
    pidIn(/account API listens on .* (\d+)$/),
    pidIn(/worker is ready.* (\d+)$/),
  ];
}
