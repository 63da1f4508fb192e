import { spawn } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';

/** Runs `npm run simulate --` with these arguments, without npm. */
async function simulate(...args: readonly string[]) {
  const child = spawn(process.execPath, ['scripts/run.mjs', 'evidence/simulation/main.ts', ...args], {
    cwd: PROJECT_FOLDER,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exitCode, output };
}

describe('the protocol, whatever happens to its orders', () => {
  it('keeps every invariant in 20,000 seeded scenarios', async () => {
    const { exitCode, output } = await simulate('--seeds', '20000', '--threads', '1');
    expect(output).toMatch(/played 20000 scenarios of all three guarantees[\s\S]*every invariant held/);
    expect(exitCode).toBe(0);
  });
});

describe('npm run simulate', () => {
  it('shares seeds among threads, and plays each of them', async () => {
    const { exitCode, output } = await simulate('--seeds', '601', '--threads', '3');
    expect(output).toContain('played 601 scenarios');
    expect(exitCode).toBe(0);
  });

  it('plays the scenarios of one guarantee alone', async () => {
    const { exitCode, output } = await simulate('--seeds', '100', '--guarantee', 'deadline', '--threads', '1');
    expect(output).toContain('played 100 scenarios of guarantee deadline');
    expect(exitCode).toBe(0);
  });

  it('tells the scenario of one seed, line by line', async () => {
    const { exitCode, output } = await simulate('--seed', '7');
    expect(output).toMatch(/seed 7, guarantee deadline[\s\S]*0 ms {2}starter +starts run 1/);
    expect(exitCode).toBe(0);
  });

  it('finds mutants, and says how many seeds each took', async () => {
    const { exitCode, output } = await simulate(
      '--mutants',
      '--only',
      'settle skipped',
      'extras not',
      'retry on create',
    );
    expect(output).toMatch(/settle skipped +decide\.ts +\d+ /);
    expect(output).toContain('3 of 3 mutants found');
    expect(exitCode).toBe(0);
  });

  it('fails when a mutant survives, and names it', async () => {
    const { exitCode, output } = await simulate('--mutants', '--only', 'promised not kept', '--seeds', '1');
    expect(output).toContain('survived 1 seeds: promised not kept');
    expect(exitCode).toBe(1);
  });

  it.each([
    ['a number that is none', ['--seeds', 'many']],
    ['no seeds at all', ['--seeds', '0']],
    ['a guarantee that there is not', ['--guarantee', 'hope']],
    ['a mutant that there is not', ['--mutants', '--only', 'no such']],
  ])('refuses %s as wrong use', async (_, args) => {
    expect((await simulate(...args)).exitCode).toBe(2);
  });
});
