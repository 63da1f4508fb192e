import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { isAlive } from '../../../testbed/is-alive.ts';
import { readOutput } from './child-output.ts';
import { PROJECT_FOLDER } from './project-folder.ts';
import { type Child, type ChildOptions, startChild } from './start-child.ts';
import { NotReadyError, untilLine, untilReady } from './until-ready.ts';
import { waitUntil } from './wait-until.ts';

const GUARD = fileURLToPath(new URL('guard.mjs', import.meta.url));

const POLITE =
  "process.on('SIGTERM', () => { console.log('stopping'); process.exit(3) }); setInterval(() => {}, 1e4); console.log('up')";
const STUBBORN = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e4); console.log('up')";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-child-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each([false, true])('startChild, guarded: %s', (guarded) => {
  test('provides the process id of the command itself, and its lines', async () => {
    const lines: string[] = [];
    const child = await startNode("console.log(process.pid); console.error('on stderr')", {
      guarded,
      onLine: (line) => lines.push(line),
    });

    expect(await child.exited).toEqual({ code: 0, signal: null });
    expect(lines.toSorted()).toEqual([String(child.pid), 'on stderr'].toSorted());
  });

  test('stops a child by SIGTERM and provides its exit code and last line', async () => {
    const child = await startNode(POLITE, { guarded });
    await untilUp(child);

    expect(await child.stop(60_000)).toEqual({ code: 3, signal: null });
    expect(child.output.tail()).toContain('stopping');
    expect(isAlive(child.pid)).toBe(false);
  });

  test('kills a child that does not exit within its grace period', async () => {
    const child = await startNode(STUBBORN, { guarded });
    await untilUp(child);

    expect(await child.stop(100)).toEqual({ code: null, signal: 'SIGKILL' });
    await untilGone(child.pid);
  });

  test('provides the signal that killed a child', async () => {
    const child = await startNode(STUBBORN, { guarded });
    await untilUp(child);
    process.kill(child.pid, 'SIGKILL');

    expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('signals nobody once a child has exited, because another program may have its process id', async () => {
    const child = await startNode('', { guarded });
    const exit = await child.exited;
    const signalling = jest.spyOn(process, 'kill');
    expect([await child.kill(), await child.stop(100)]).toEqual([exit, exit]);
    expect(signalling).not.toHaveBeenCalled();
    signalling.mockRestore();
  });

  test('kills the rest of the process group when a child has exited', async () => {
    const child = await startNode(
      "const c = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e4)']); console.log('grandchild', c.pid); setInterval(() => {}, 1e4)",
      { guarded },
    );
    const [, grandchild] = await untilLine(child, /grandchild (\d+)/, { what: 'its grandchild', timeoutMs: 60_000 });
    process.kill(child.pid, 'SIGKILL');
    await child.exited;

    await untilGone(Number(grandchild));
  });

  test('reports a command that cannot be started', async () => {
    const starting = startChild({ name: 'the sample', command: '/no/such/command', guarded });
    await expect(starting).rejects.toThrow(/the sample could not be started: .*\/no\/such\/command/);
  });
});

test('a guarded command goes on while nobody reads its output, and the lines that are missing are counted', async () => {
  const mark = join(folder, 'printed');
  const print = `const fs = require('fs'); for (let n = 0; n < 40000; n += 1) fs.writeSync(1, 'x'.repeat(99) + '\\n');
    fs.writeFileSync(${JSON.stringify(mark)}, ''); setInterval(() => {}, 1e4)`;
  const guard = spawn(process.execPath, [GUARD, '--relay', '5000', process.execPath, '-e', print], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  await waitUntil(() => existsSync(mark), { what: 'the end of its output', timeoutMs: 60_000 });
  const output = readOutput(
    [guard.stdout].filter((stream) => stream !== null),
    () => undefined,
  );
  expect(await output.lineMatching(/^\d+ lines of node were dropped, because nobody read them$/)).toBeTruthy();
  guard.kill();
  await once(guard, 'exit');
});

describe('when the parent is killed', () => {
  test('a guarded command is stopped', async () => {
    const parent = await startParent({ command: process.execPath, args: ['-e', POLITE], guarded: true });
    const pid = await pidOfItsChild(parent);
    process.kill(parent.pid, 'SIGKILL');

    await untilGone(pid);
  });

  test('a guarded command that does not exit within the grace period is killed', async () => {
    const guard = spawn(process.execPath, [GUARD, '200', process.execPath, '-e', STUBBORN], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const output = readOutput(
      [guard.stdout].filter((stream) => stream !== null),
      () => undefined,
    );
    const [{ pid }] = await once(guard, 'message');
    await output.lineMatching(/up/);
    guard.disconnect();

    expect(await once(guard, 'exit')).toEqual([null, 'SIGKILL']);
    await untilGone(pid);
  });

  test('a program that exits with its parent shuts down gracefully', async () => {
    const mark = join(folder, 'stopped');
    const args = ['scripts/run.mjs', 'src/platform/processes/exits-with-parent.fixture.ts', mark];
    const parent = await startParent({ command: process.execPath, args });
    const pid = await pidOfItsChild(parent);
    process.kill(parent.pid, 'SIGKILL');

    await untilGone(pid);
    await expect(rm(mark)).resolves.toBeUndefined();
  });
});

describe('untilReady', () => {
  test('reports how a child ended before it was ready, with its last lines', async () => {
    const child = await startNode("console.error('no such database'); process.exit(4)");
    const waiting = untilLine(child, /never/, { what: 'a line', timeoutMs: 600_000 });
    await expect(waiting).rejects.toThrow(
      /sample ended with exit code 4 before it was ready; its last lines:\n {2}no such database/,
    );
  });

  test('reports what it waited for when the time is up', async () => {
    const child = await startNode(POLITE);
    await untilUp(child);
    const waiting = untilReady(child, () => Promise.reject(new Error('refused')), {
      what: 'a response',
      timeoutMs: 200,
    });
    await expect(waiting).rejects.toThrow(NotReadyError);
    await expect(waiting).rejects.toThrow(/waited 0.2 s for a response: refused/);
    await child.kill();
  });
});

function startNode(program: string, options: Partial<ChildOptions> = {}): Promise<Child> {
  return startChild({ name: 'sample', command: process.execPath, args: ['-e', program], ...options });
}

/** A process that starts a child with these options and prints the child's process id. */
function startParent(child: Omit<ChildOptions, 'name'>): Promise<Child> {
  const args = [
    'scripts/run.mjs',
    'src/platform/processes/parent.fixture.ts',
    JSON.stringify({ name: 'child', ...child }),
  ];
  return startChild({ name: 'parent', command: process.execPath, args, cwd: PROJECT_FOLDER });
}

async function pidOfItsChild(parent: Child): Promise<number> {
  const [, pid] = await untilLine(parent, /child (\d+)/, { what: 'the pid of its child', timeoutMs: 60_000 });
  return Number(pid);
}

function untilUp(child: Child) {
  return untilLine(child, /up/, { what: 'the line "up"', timeoutMs: 60_000 });
}

function untilGone(pid: number) {
  return waitUntil(() => !isAlive(pid), { what: `the end of process ${pid}`, timeoutMs: 60_000 });
}
