import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';

it('a pipe gets no colours, also where CI is set', () => {
  const print = "import { colors } from './src/logging/colors.ts'; console.log(colors.green('plain'));";
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', print], {
    env: { ...process.env, CI: 'true', FORCE_COLOR: '1' },
    encoding: 'utf8',
  });
  expect(stdout).toBe('plain\n');
});
