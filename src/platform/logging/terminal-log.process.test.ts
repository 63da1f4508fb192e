import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { inTerminal } from '../../../testbed/terminal/terminal.ts';
import { MINIMAL_ENVIRONMENT } from '../processes/minimal-environment.ts';

const ARGS = ['scripts/run.mjs', 'src/platform/logging/log-lines.fixture.ts'];

const inTerminalOf = (columns: number, env: NodeJS.ProcessEnv) =>
  inTerminal(
    { command: process.execPath, args: ARGS, env: { ...MINIMAL_ENVIRONMENT, ...env }, columns, rows: 24 },
    async ({ exitCode, allRows, printed }) => ({ code: await exitCode, rows: allRows(), printed: printed() }),
  );

test('a log is for people on a terminal, with colours and in its width, and JSON in a pipe', async () => {
  const terminal = await inTerminalOf(80, {});
  expect(terminal.code).toBe(0);
  expect(terminal.rows.map((row) => row.slice('01:12:42 '.length))).toEqual([
    '  worker is ready · task queue temporal-ticketing · temporal 127.0.0.1…',
    '✗ order-41 getToken attempt 4: connect ECONNREFUSED 127.0.0.1:3999',
    '  next in 1.8 s',
    '! order-41 http://***@host asks for a pause',
  ]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  expect(terminal.printed).toMatch(/\u001b\[31m✗/);

  const plain = await inTerminalOf(120, { NO_COLOR: '1' });
  expect(plain.printed).not.toContain('\u001b[');
  expect(plain.rows[0]).toMatch(/task queue temporal-ticketing · temporal 127\.0\.0\.1:7233$/);

  const pipe = spawnSync(process.execPath, ARGS, { env: MINIMAL_ENVIRONMENT, encoding: 'utf8' });
  const lines = pipe.stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 30, name: 'worker', taskQueue: 'temporal-ticketing' },
    { level: 40, workflowId: 'order-41', error: { type: 'Error', cause: { code: 'ECONNREFUSED' } } },
    { level: 40, msg: 'http://***@host asks for a pause' },
  ]);
});
