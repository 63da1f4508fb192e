// Runs a command that cannot detect by itself that its parent is gone, and stops it then, even after SIGKILL: the IPC
// channel to the parent closes. Plain JavaScript, because it must start fast and before any package is installed.
//   node guard.mjs [--with-file] <grace in ms> <command> [argument ...]
// With --with-file the command inherits the file behind descriptor 4, as its descriptor 3.
import { spawn } from 'node:child_process';

const withFile = process.argv[2] === '--with-file';
const [grace, command, ...args] = process.argv.slice(withFile ? 3 : 2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', ...(withFile ? [4] : [])] });

child.once('spawn', () => process.send?.({ pid: child.pid }, () => undefined));
child.once('error', (error) => {
  console.error(`${command} could not be started: ${error.message}`);
  process.exitCode = 127;
  if (process.connected) process.disconnect();
});
child.once('exit', (code, signal) => {
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
