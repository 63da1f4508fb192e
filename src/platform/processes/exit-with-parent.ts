import { inspect } from 'node:util';
import { maskOutput } from '../secrets/mask-output.ts';

/**
 * Makes a program exit when the process that started it is gone, even after SIGKILL: the IPC channel between them closes.
 * A program started by hand has no such channel and keeps running.
 * @param stop the same graceful stop as for SIGTERM
 * @param graceMs how long `stop` may take before the program exits anyway; default 30 s
 */
export function exitWithParent(stop: () => Promise<unknown> | unknown, { graceMs = 30_000 } = {}): void {
  if (process.connected === undefined) return;
  if (!process.connected) return void exit(stop, graceMs);
  process.once('disconnect', () => exit(stop, graceMs));
  // A listener for 'disconnect' keeps the event loop alive, but the parent is no reason to keep running.
  process.channel?.unref();
}

async function exit(stop: () => Promise<unknown> | unknown, graceMs: number): Promise<void> {
  // The pipes to the parent are broken now. Printing a line must not interrupt the shutdown.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  setTimeout(() => process.exit(1), graceMs).unref();
  try {
    await stop();
    process.exit();
  } catch (error) {
    console.error(maskOutput(inspect(error)));
    process.exit(1);
  }
}
