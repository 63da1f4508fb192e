import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Terminal } from '@xterm/headless';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { createScreen, withoutBlankEnd } from './screen.ts';

const PSEUDO_TERMINAL = fileURLToPath(new URL('pseudo-terminal.py', import.meta.url));
const SHOWS_WITHIN_MS = 60_000;

/** What keys send. */
export const keys = { enter: '\r', ctrlC: '\u0003', ctrlD: '\u0004', escape: '\u001b' } as const;

export interface TerminalOptions {
  readonly command: string;
  readonly args?: readonly string[];
  /** Default this repository. */
  readonly cwd?: string;
  /** The complete environment. `TERM` is set; `CI` and the variables that decide about colours are left as given. */
  readonly env: NodeJS.ProcessEnv;
  readonly columns: number;
  readonly rows: number;
}

/** A program in a pseudo-terminal, and the screen that a person would see. */
export interface TerminalSession {
  /** The emulator. Its buffer holds each cell with its colours, and the lines that have scrolled off. */
  readonly emulator: Terminal;
  /** The rows that are visible now, without trailing blanks; as many as the terminal has. */
  readonly screen: () => readonly string[];
  /** All rows since the start, also those that have scrolled off, without the blank ones at the end. */
  readonly allRows: () => readonly string[];
  /** All that the program has printed, with its control sequences. */
  readonly printed: () => string;
  /**
   * Waits until a row of `allRows` matches, or until a condition about the screen holds.
   * @param timeoutMs default 60 s
   * @throws WaitTimeoutError with the screen at that time
   */
  readonly untilShows: (
    expected: string | RegExp | ((screen: readonly string[]) => boolean),
    timeoutMs?: number,
  ) => Promise<void>;
  /** Types text or `keys`. */
  readonly type: (text: string) => void;
  /** The program gets SIGWINCH. */
  readonly resize: (columns: number, rows: number) => void;
  /** The program's exit code, or 128 and the number of the signal that killed it, once the screen shows its last line. */
  readonly exitCode: Promise<number>;
  /** Ends the program, if it has not ended: SIGHUP to its process group, then SIGKILL. */
  readonly close: () => Promise<void>;
}

/**
 * Runs a program in a pseudo-terminal while a function uses it, and ends it afterwards. Needs python3, whose module `pty`
 * works everywhere without a package that has to be compiled.
 */
export async function inTerminal<T>(
  options: TerminalOptions,
  use: (session: TerminalSession) => Promise<T>,
): Promise<T> {
  const session = openTerminal(options);
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

/** Runs a program in a pseudo-terminal. It ends with this process at the latest. */
export function openTerminal({
  command,
  args = [],
  cwd = PROJECT_FOLDER,
  env,
  columns,
  rows,
}: TerminalOptions): TerminalSession {
  const screen = createScreen(columns, rows);
  const { emulator } = screen;
  const child = spawn('python3', [PSEUDO_TERMINAL, String(columns), String(rows), command, ...args], {
    cwd,
    env: { ...env, TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  });
  const [stdin, stdout, , resizes] = child.stdio;
  if (stdin === null || stdout === null || !(resizes instanceof Writable)) throw new Error('spawn opened no pipes');
  let printed = '';
  let emulated: Promise<void> = Promise.resolve();
  stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    emulated = screen.print(text);
  });
  // What the emulator answers to a program's question, such as where the cursor is.
  emulator.onData((answer) => stdin.write(answer));
  // A program that has ended reads no more.
  for (const stream of [stdin, resizes]) stream.on('error', () => undefined);
  const exitCode = once(child, 'close').then(async ([code]: readonly number[]) => {
    await emulated;
    return code ?? 1;
  });
  exitCode.catch(() => undefined);

  const session: TerminalSession = {
    emulator,
    screen: screen.rows,
    allRows: screen.allRows,
    printed: () => printed,
    untilShows: async (expected, timeoutMs = SHOWS_WITHIN_MS) => {
      const shows = () =>
        typeof expected === 'function'
          ? expected(session.screen())
          : session.allRows().some((row) => matches(row, expected));
      try {
        await waitUntil(shows, { what: `the terminal to show ${expected}`, timeoutMs, everyMs: 20 });
      } catch (error) {
        const screen = withoutBlankEnd(session.screen()).map((row) => `  |${row}`);
        throw new Error(`the terminal does not show ${expected}; its screen:\n${screen.join('\n')}`, { cause: error });
      }
    },
    type: (text) => {
      stdin.write(text);
    },
    resize: (toColumns, toRows) => {
      emulator.resize(toColumns, toRows);
      resizes.write(`${toColumns} ${toRows}\n`);
    },
    exitCode,
    close: async () => {
      stdin.end();
      await exitCode;
      emulator.dispose();
    },
  };
  return session;
}

function matches(row: string, expected: string | RegExp): boolean {
  return typeof expected === 'string' ? row.includes(expected) : expected.test(row);
}
