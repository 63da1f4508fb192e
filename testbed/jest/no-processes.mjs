// Runs before each unit test file: a unit test starts no process and no server, so it stays fast and leaves nothing behind.
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { afterAll } from '@jest/globals';

const refused = [
  ...['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'].map((name) => [childProcess, name]),
  [net.Server.prototype, 'listen'],
];
const originals = refused.map(([owner, name]) => owner[name]);
for (const [owner, name] of refused) {
  owner[name] = () => {
    throw new Error(`a unit test called ${name}: rename the file to *.process.test.ts`);
  };
}
syncBuiltinESMExports();

// The next test file in this process may be of another project, and has the same built-in modules.
afterAll(() => {
  for (const [index, [owner, name]] of refused.entries()) owner[name] = originals[index];
  syncBuiltinESMExports();
});
