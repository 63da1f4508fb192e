import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';

it('a pipe gets no colours, even when CI is set', () => {
  const { stdout } = spawnSync(process.execPath, ['scripts/run.mjs', 'src/platform/logging/colors.fixture.ts'], {
    env: { ...process.env, CI: 'true' },
    encoding: 'utf8',
  });
  expect(stdout).toBe('plain\n');
});
