import { spawn } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';

/** Runs `npm run simulate --` with these arguments, but without npm. */
async function simulate(...args: readonly string[]) {
  const child = spawn(process.execPath, ['scripts/run.mjs', 'evidence/simulation/main.ts', ...args], {
    cwd: PROJECT_FOLDER,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exitCode, output };
}

describe('the protocol', () => {
  it('keeps every invariant in 20,000 seeded scenarios', async () => {
    const { exitCode, output } = await simulate('--seeds', '20000', '--threads', '1');
    expect(output).toMatch(/played 20000 scenarios of all three guarantees[\s\S]*every invariant held/);
    expect(exitCode).toBe(0);
  });
});

describe('npm run simulate', () => {
  it('divides the seeds among threads and plays each of them', async () => {
    const { exitCode, output } = await simulate('--seeds', '601', '--threads', '3');
    expect(output).toContain('played 601 scenarios');
    expect(exitCode).toBe(0);
  });

  it('plays only scenarios with the given guarantee', async () => {
    const { exitCode, output } = await simulate('--seeds', '100', '--guarantee', 'deadline', '--threads', '1');
    expect(output).toContain('played 100 scenarios of guarantee deadline');
    expect(exitCode).toBe(0);
  });

  it('prints what happens in the scenario of one seed', async () => {
    const { exitCode, output } = await simulate('--seed', '7');
    expect(output).toMatch(/seed 7, guarantee deadline[\s\S]*0 ms {2}starter +starts run 1/);
    expect(exitCode).toBe(0);
  });

  it('finds mutants and prints how many seeds each took', async () => {
    const { exitCode, output } = await simulate(
      '--mutants',
      '--only',
      'settling is skipped',
      'surplus items are not voided',
      'create activity is retried',
    );
    expect(output).toMatch(/settling is skipped +decide\.ts +\d+ /);
    expect(output).toContain('3 of 3 mutants found');
    expect(exitCode).toBe(0);
  });

  it('fails when a mutant survives, and names it', async () => {
    const { exitCode, output } = await simulate(
      '--mutants',
      '--only',
      'promised item is not the keeper',
      '--seeds',
      '1',
    );
    expect(output).toContain('survived 1 seeds: promised item is not the keeper');
    expect(exitCode).toBe(1);
  });

  it.each([
    ['text instead of a number', ['--seeds', 'many']],
    ['zero seeds', ['--seeds', '0']],
    ['zero threads', ['--threads', '0']],
    ['an unknown guarantee', ['--guarantee', 'hope']],
    ['an unknown mutant', ['--mutants', '--only', 'no such']],
  ])('refuses %s with exit code 2', async (_, args) => {
    expect((await simulate(...args)).exitCode).toBe(2);
  });
});
