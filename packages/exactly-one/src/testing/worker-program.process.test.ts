import { type ChildProcess, spawn } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { connectTo } from './connect.ts';
import { runWorkerProgram } from './worker-program.ts';

const run = (code: string) => spawn(process.execPath, ['--eval', code], { stdio: ['ignore', 'ignore', 'pipe'] });
const FOREVER = 'setInterval(() => {}, 1_000)';

it('a worker that ends by itself is reported with its exit code and the last lines that it printed', async () => {
  const program = await runWorkerProgram(() =>
    run('for (let i = 1; i <= 30; i++) console.error("line", i); process.exitCode = 7'),
  );
  await expect(program.failed).rejects.toThrow(
    /^expectExactlyOne: the worker program ended by itself, with exit code 7:\n(line \d+\n){19}line 30$/,
  );
  await program.stop();
});

it('a worker that cannot be started is reported', async () => {
  const program = await runWorkerProgram(() => spawn('/no/such/program'));
  await expect(program.failed).rejects.toThrow('expectExactlyOne: the worker program could not be started');
});

it('a worker that is stopped while it crashes is not left running', async () => {
  const started: ChildProcess[] = [];
  const program = await runWorkerProgram(() => {
    const child = run(FOREVER);
    started.push(child);
    return child;
  });
  const crashed = program.crash();
  await program.stop();
  await crashed;
  expect(started.map(({ exitCode, signalCode }) => exitCode ?? signalCode)).not.toContain(null);
});

it('a server that does not respond is named, and how to start one', async () => {
  await expect(connectTo('127.0.0.1:9', 300)).rejects.toThrow(
    /^expectExactlyOne: no Temporal server responds at 127\.0\.0\.1:9; start one \(temporal server start-dev\)/,
  );
});
