import { expect, test } from '@jest/globals';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { isAlive } from '../is-alive.ts';
import { inTerminal, keys, openTerminal } from './terminal.ts';

/** A program that shows its size, repeats what is typed, and redraws a line in place. */
const PROGRAM = `
  const size = () => process.stdout.columns + 'x' + process.stdout.rows;
  console.log('pid ' + process.pid + ' ' + process.stdin.isTTY + ' ' + size());
  process.stdout.write('old line\\n');
  process.stdout.write('\\u001b[1A\\u001b[2K\\u001b[32mnew line\\u001b[39m\\n');
  process.stdout.on('resize', () => console.log('now ' + size()));
  process.on('SIGINT', () => { console.log('interrupted'); process.exit(3); });
  process.stdin.on('data', (line) => console.log('got ' + String(line).trim() + '!'));
`;

function program(code: string) {
  return { command: process.execPath, args: ['-e', code], env: MINIMAL_ENVIRONMENT, columns: 50, rows: 8 };
}

test('a program in a terminal has its size, is typed to, resized and interrupted, and the screen shows what a person sees', async () => {
  await inTerminal(program(PROGRAM), async ({ screen, allRows, emulator, untilShows, type, resize, exitCode }) => {
    await untilShows('new line');
    expect(screen()).toHaveLength(8);
    expect(screen()[0]).toMatch(/^pid \d+ true 50x8$/);
    expect(screen()[1]).toBe('new line');
    expect(emulator.buffer.active.getLine(1)?.getCell(0)?.getFgColor()).toBe(2);
    type(`hello${keys.enter}`);
    await untilShows(/^got hello!$/);
    resize(40, 6);
    await untilShows('now 40x6');
    expect(screen()).toHaveLength(6);
    type(keys.ctrlC);
    expect(await exitCode).toBe(3);
    expect(allRows().at(-1)).toContain('interrupted');
  });
});

test('a program that does not want to end is killed with its terminal, and a wait says what the screen shows', async () => {
  const code =
    "process.on('SIGHUP', () => undefined); setInterval(() => undefined, 1e6); console.log('pid ' + process.pid)";
  const session = openTerminal(program(code));
  await session.untilShows(/^pid \d+$/);
  await expect(session.untilShows('never', 50)).rejects.toThrow(/does not show never; its screen:\n {2}\|pid \d+$/);
  const pid = Number(session.screen()[0]?.slice('pid '.length));
  await session.close();
  await waitUntil(() => !isAlive(pid), { what: 'its end', timeoutMs: 20_000 });
  expect(await session.exitCode).toBe(128 + 9);
});

test('a program that cannot be started has exit code 127 and its reason on the screen', async () => {
  await inTerminal({ ...program(''), command: './missing' }, async ({ exitCode, allRows }) => {
    expect(await exitCode).toBe(127);
    expect(allRows()).toEqual(['./missing: No such file or directory']);
  });
});
