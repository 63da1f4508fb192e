/**
 * Makes a program that was started by a supervisor leave when the supervisor is gone, even by SIGKILL: the IPC channel
 * between them closes with it. A program started by hand has no such channel and stays.
 * @param stop the program's graceful stop, the same one that SIGTERM asks for
 * @param graceMs how long `stop` may take before the program leaves all the same; default 30 s
 */
export function leaveWithParent(stop: () => Promise<unknown> | unknown, { graceMs = 30_000 } = {}): void {
  if (process.connected === undefined) return;
  if (!process.connected) return void leave(stop, graceMs);
  process.once('disconnect', () => leave(stop, graceMs));
  // A listener for 'disconnect' keeps the event loop alive; the parent alone is no reason to stay.
  process.channel?.unref();
}

async function leave(stop: () => Promise<unknown> | unknown, graceMs: number): Promise<void> {
  // The pipes to the parent are broken now; a line printed on the way out must not end the drain.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  setTimeout(() => process.exit(1), graceMs).unref();
  try {
    await stop();
    process.exit();
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}
