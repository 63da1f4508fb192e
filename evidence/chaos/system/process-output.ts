import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { InjectedFault } from '../report/tally.ts';

/** The output of the processes, one file each, in a folder that changes with the round. */
interface LogFiles {
  write(name: string, line: string): void;
  /** Later lines go into files in this folder. Resolves when all earlier lines are in their files. */
  moveTo(folder: string): Promise<void>;
  close(): Promise<void>;
}

export function createLogFiles(): LogFiles {
  let folder: string | undefined;
  let files = new Map<string, WriteStream>();

  async function close(): Promise<void> {
    const open = [...files.values()];
    files = new Map();
    await Promise.all(open.map((file) => new Promise((resolve) => file.end(resolve))));
  }

  return {
    close,
    write(name, line) {
      if (folder === undefined) return;
      const file =
        files.get(name) ?? createWriteStream(path.join(folder, `${name.replaceAll(' ', '-')}.log`), { flags: 'a' });
      files.set(name, file);
      file.write(`${line}\n`);
    },
    async moveTo(to) {
      await mkdir(to, { recursive: true });
      folder = to;
      await close();
    },
  };
}

/** How many log lines a line reports as dropped; 0 in every other line. */
export function droppedLines(line: string): number {
  return Number(/"dropped":(\d+)/.exec(line)?.[1] ?? 0);
}

/** The fault that a line in the ticket system's log reports: only such lines have both a point and a kind. */
export function injectedFault(line: string): InjectedFault | undefined {
  const point = /"point":"([^"]+)"/.exec(line)?.[1];
  const kind = /"kind":"([^"]+)"/.exec(line)?.[1];
  return point === undefined || kind === undefined ? undefined : { point, kind };
}

/** Whether a line in the ticket system's log reports a request that was refused because the database is not in place. */
export function isRefusedForLackOfDatabase(line: string): boolean {
  return line.includes('"code":"DATABASE_MISSING"') && line.includes('"msg":"the request failed"');
}
