// Runs a command that cannot detect by itself that its parent is gone, and stops it then, even after SIGKILL: the IPC
// channel to the parent closes. Plain JavaScript, because it must start fast and before any package is installed.
//   node guard.mjs [--with-file] [--relay] <grace in ms> <command> [argument ...]
// With --with-file the command inherits the file behind descriptor 4, as its descriptor 3.
// With --relay its output goes through this process, so that the command never waits for a reader, such as a parent that
// was stopped by Ctrl-Z: lines that nobody reads are dropped and counted.
import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';

/** What may wait for a reader. */
const MAX_WAITING_BYTES = 1_048_576;
/** How long the last lines may take once the command has ended. */
const LAST_LINES_MS = 1_000;

const given = process.argv.slice(2);
const flags = given.slice(
  0,
  given.findIndex((each) => !each.startsWith('--')),
);
const [grace, command, ...args] = given.slice(flags.length);
const relays = flags.includes('--relay');
const output = relays ? 'pipe' : 'inherit';
const child = spawn(command, args, {
  stdio: ['ignore', output, output, ...(flags.includes('--with-file') ? [4] : [])],
});
const relayed = relays
  ? Promise.all([relay(child.stdout, process.stdout), relay(child.stderr, process.stderr)])
  : Promise.resolve();

child.once('spawn', () => process.send?.({ pid: child.pid }, () => undefined));
child.once('error', (error) => {
  console.error(`${command} could not be started: ${error.message}`);
  process.exitCode = 127;
  if (process.connected) process.disconnect();
});
child.once('exit', async (code, signal) => {
  await Promise.race([relayed, new Promise((resolve) => setTimeout(resolve, LAST_LINES_MS))]);
  if (signal === null) process.exit(code ?? 1);
  // The parent must see the signal that ended the command.
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.removeAllListeners(name);
  process.kill(process.pid, signal);
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));

process.once('disconnect', () => {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), Number(grace)).unref();
});

/** Resolves once all lines have been written. */
function relay(from, to) {
  let dropped = 0;
  const report = () => {
    if (dropped === 0) return;
    to.write(`${dropped} lines of ${basename(command)} were dropped, because nobody read them\n`);
    dropped = 0;
  };
  // A reader that has gone must not end the command.
  to.on('error', () => undefined);
  to.on('drain', report);
  const lines = createInterface({ input: from, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', (line) => {
    if (to.writableLength > MAX_WAITING_BYTES) dropped += 1;
    else to.write(`${line}\n`);
  });
  return new Promise((resolve) => lines.once('close', () => to.write('', resolve)));
}
