import type { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

const WITHIN_MS = 1_000;

/** Exits once everything printed has been read, or after a second: a reader who has stopped reading blocks nobody. */
export async function exitSoon(exitCode: number): Promise<never> {
  await Promise.race([Promise.all([written(process.stdout), written(process.stderr)]), pause(WITHIN_MS)]);
  process.exit(exitCode);
}

/** Resolves when everything printed on this stream has been read, or cannot be written. Node's own exit does not wait. */
export async function written(stream: Writable): Promise<void> {
  if (stream.writableLength > 0) await new Promise((resolve) => stream.write('', resolve));
}
