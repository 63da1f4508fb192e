import { spawn } from 'node:child_process';
import { startGuardian } from './guardian.ts';

// A process that guards another one, so that it can be killed itself. It prints the id of the other one.
const guarded = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { stdio: 'ignore', detached: true });
startGuardian().guard(Number(guarded.pid));
console.log(guarded.pid);
setInterval(() => undefined, 60_000);
