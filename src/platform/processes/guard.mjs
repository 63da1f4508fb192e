// Runs one command that cannot watch its parent by itself, and ends it when the parent is gone, even by SIGKILL: the IPC
// channel closes with the parent. Plain JavaScript, because it must start fast and before anything else.
//   node guard.mjs <grace in ms> <command> [argument ...]
import { spawn } from 'node:child_process';

const [grace, command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });

child.once('spawn', () => process.send?.({ pid: child.pid }, () => undefined));
child.once('error', (error) => {
  console.error(`${command} could not be started: ${error.message}`);
  process.exitCode = 127;
  if (process.connected) process.disconnect();
});
child.once('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  // Ends as the command did, so that the parent sees the same signal.
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.removeAllListeners(name);
  process.kill(process.pid, signal);
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));

process.once('disconnect', () => {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), Number(grace)).unref();
});
