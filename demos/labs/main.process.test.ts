import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { startProgram } from '../../src/platform/processes/start-program.ts';
import { inTerminal } from '../../testbed/terminal/terminal.ts';

const NAMES = ['retries', 'backoff', 'idempotency', 'breaker', 'fallback'];

let temporary = '';
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'labs-'));
});
afterAll(() => rm(temporary, { recursive: true }));

/** What `npm run lab -- <args>` prints, and its exit code. */
async function lab(...args: readonly string[]) {
  const child = await startProgram({
    name: 'the lab',
    program: 'demos/labs/main.ts',
    args,
    env: { ...MINIMAL_ENVIRONMENT, TMPDIR: temporary },
  });
  const { code } = await child.exited;
  return { code, lines: child.output.tail() };
}

describe('wrong use ends with 2 and says what is allowed:', () => {
  it.each([
    // A property that every object has.
    ['an unknown name', ['toString'], `not a lab: choose one of ${NAMES.join(', ')}.`],
    ['an unknown option', ['backoff', '--sede', '1'], "error: unknown option '--sede'"],
    ['an invalid seed', ['backoff', '--seed', '-1'], 'expected a whole number from 0 to 4294967295.'],
  ])('%s', async (_, args, allowed) => {
    const { code, lines } = await lab(...args);
    expect(lines.join('\n')).toContain(allowed);
    expect(code).toBe(2);
  });
});

it('without a name the labs are listed', async () => {
  const { code, lines } = await lab();
  expect(lines.slice(1, 6).map((line) => line.split(' ')[0])).toEqual(NAMES);
  expect(code).toBe(0);
});

it('--json prints one object and nothing else, the same for the same seed', async () => {
  const once = await lab('backoff', '--json', '--seed', '5');
  expect(once.lines).toHaveLength(1);
  expect(JSON.parse(once.lines[0] ?? '')).toMatchObject({ lab: 'backoff', seed: 5, ok: true });
  expect(await lab('backoff', '--json', '--seed', '5')).toEqual(once);
});

it('the output for people has a heading, plots of at most 80 columns, and a summary at the end', async () => {
  const { code, lines } = await lab('backoff');
  expect(lines[0]).toMatch(/^backoff: delays with and without jitter;/);
  expect(lines.slice(0, -1).filter((line) => line.length > 80)).toEqual([]);
  expect(lines.at(-1)).toMatch(/^Full jitter lowers the peak from 1,000 to \d+ requests/);
  expect(code).toBe(0);
});

it('on a terminal it fits, wrapped at words, and says what it waits for', async () => {
  const program = {
    ...{ command: process.execPath, args: ['scripts/run.mjs', 'demos/labs/main.ts', 'breaker'], columns: 50, rows: 40 },
    env: { ...MINIMAL_ENVIRONMENT, TMPDIR: temporary },
  };
  await inTerminal(program, async ({ printed, allRows, exitCode }) => {
    expect(await exitCode).toBe(0);
    expect(printed()).toContain('… calling the services (');
    expect(allRows()[0]).toBe('breaker: a circuit breaker in front of a service');
    expect(allRows()[1]).toBe('that fails for a while');
    expect(allRows().join('\n')).not.toContain('calling the services');
  });
});

it('nothing is left in the folder for temporary files', async () => {
  expect((await lab('idempotency')).code).toBe(0);
  expect(await readdir(temporary)).toEqual([]);
});
