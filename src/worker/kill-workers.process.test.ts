import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MINIMAL_ENVIRONMENT } from '../platform/processes/minimal-environment.ts';
import { type Child, startChild } from '../platform/processes/start-child.ts';
import { startProgram } from '../platform/processes/start-program.ts';
import { untilLine } from '../platform/processes/until-ready.ts';
import { runningWorkers, type WorkerQueue } from './running-workers.ts';

const QUEUE: WorkerQueue = { temporal: '127.0.0.1:7233', namespace: 'default', taskQueue: 'temporal-ticketing' };

let databaseDir: string;
let children: Child[];
beforeEach(async () => {
  databaseDir = await mkdtemp(join(tmpdir(), 'kill-workers-'));
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  await rm(databaseDir, { recursive: true });
});

/** A process that has recorded itself as a worker of this queue. */
async function startRecorded(queue: WorkerQueue): Promise<Child> {
  const args = [databaseDir, JSON.stringify({ ...queue, source: '/', startedAtMs: Date.now() })];
  const program = 'src/worker/recorded-worker.fixture.ts';
  const child = await startProgram({ name: 'a worker', program, args, env: MINIMAL_ENVIRONMENT });
  children.push(child);
  await untilLine(child, /recorded/, { what: 'its record', timeoutMs: 30_000 });
  return child;
}

/** `npm run worker:kill` */
async function kill(settings: NodeJS.ProcessEnv = {}) {
  const env = { ...MINIMAL_ENVIRONMENT, DATABASE_DIR: databaseDir, ...settings };
  const child = await startProgram({ name: 'worker:kill', program: 'src/worker/kill-main.ts', env });
  const { code } = await child.exited;
  return { code, lines: child.output.tail() };
}

test('worker:kill kills the worker of its own queue, says so, and spares those of others', async () => {
  const [ours, other] = await Promise.all([startRecorded(QUEUE), startRecorded({ ...QUEUE, taskQueue: 'demo-1' })]);
  const { code, lines } = await kill();
  expect(lines).toEqual([
    expect.stringMatching(
      `^killed the worker, process ${ours.pid} \\(SIGKILL\\), which had been running for [\\d.]+ s$`,
    ),
    'if npm start is running, it starts a new one in 10 s; npm run worker starts one now',
  ]);
  expect(code).toBe(0);
  expect(await ours.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect((await runningWorkers(databaseDir)).map(({ processId }) => processId)).toEqual([other.pid]);

  const again = await kill();
  expect(again.lines).toEqual([
    'no worker of the task queue temporal-ticketing at 127.0.0.1:7233 runs here: npm start or npm run worker starts one',
    `process ${other.pid} is a worker of another: TEMPORAL_ADDRESS=127.0.0.1:7233 TASK_QUEUE=demo-1`,
  ]);
  expect(again.code).toBe(1);
  expect(await kill({ CREATE_DEADLINE_MS: 'soon' })).toEqual({
    code: 2,
    lines: [expect.stringMatching('^worker:kill: CREATE_DEADLINE_MS=soon')],
  });
  expect((await kill({ TASK_QUEUE: 'demo-1' })).code).toBe(0);
  expect(await other.exited).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a worker that cannot be reached from here is not killed, and nobody else is', async () => {
  const ours = await startRecorded(QUEUE);
  const [worker] = await runningWorkers(databaseDir);
  // As another container writes it, where this id means another process.
  const stranger = await startChild({ name: 'a stranger', command: 'sleep', args: ['600'] });
  children.push(stranger);
  const record = { ...worker?.details, processId: stranger.pid, host: 'elsewhere' };
  await writeFile(worker?.path ?? '', JSON.stringify(record));
  const { code, lines } = await kill();
  expect(lines).toEqual([expect.stringContaining(`process ${stranger.pid} on host elsewhere, belongs to another`)]);
  expect(code).toBe(1);
  const states = await Promise.all([ours, stranger].map(({ exited }) => Promise.race([exited, 'runs'])));
  expect(states).toEqual(['runs', 'runs']);
});
