// Runs before each unit test file. Unit tests start no process and no server, so that they stay fast and leave nothing
// behind.
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { afterAll } from '@jest/globals';

const forbidden = [
  ...['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'].map((name) => [childProcess, name]),
  [net.Server.prototype, 'listen'],
];
const originals = forbidden.map(([owner, name]) => owner[name]);
for (const [owner, name] of forbidden) {
  owner[name] = () => {
    throw new Error(`a unit test called ${name}: rename the file to *.process.test.ts`);
  };
}
syncBuiltinESMExports();

// The next test file in this process shares the built-in modules and may belong to another project.
afterAll(() => {
  for (const [index, [owner, name]] of forbidden.entries()) owner[name] = originals[index];
  syncBuiltinESMExports();
});
