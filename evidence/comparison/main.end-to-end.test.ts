import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { nanoid } from 'nanoid';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { startProgram } from '../../src/platform/processes/start-program.ts';
import { createUsersEnvironment, USERS_SETTINGS } from '../../testbed/users-environment.fixture.ts';
import type { Comparison } from './compare.ts';

/** The output and the exit code of `npm run compare -- <args>`. */
async function compare(args: readonly string[], env: NodeJS.ProcessEnv = MINIMAL_ENVIRONMENT) {
  const child = await startProgram({
    name: 'the comparison',
    program: 'evidence/comparison/main.ts',
    args,
    env,
  });
  const { code } = await child.exited;
  const lines = child.output.tail();
  const json = lines.find((line) => line.startsWith('{')) ?? 'no line of JSON';
  return { code, output: lines.join('\n'), comparison: () => JSON.parse(json) as Comparison };
}

describe('the comparison', () => {
  it('shows that with the same faults retries duplicate, a single attempt loses, and exactly-one does neither', async () => {
    const chart = path.join(tmpdir(), `comparison-${nanoid()}.svg`);
    // With this seed the first response to order-03 is lost after the commit, and the first create of order-02 fails before it.
    const args = [
      '--orders',
      '4',
      '--seed',
      '3723',
      '--strategies',
      'retry,once,exactly-one-deadline',
      '--at-once',
      '3',
    ];
    // It has its own servers and settings, whatever the user has in his environment.
    const user = await createUsersEnvironment();
    const env = { ...user.env, ...USERS_SETTINGS, FAULTS: 'hostile', CREATE_DEADLINE_MS: '1', METRICS_ADDRESS: 'none' };
    const { code, output, comparison } = await compare([...args, '--json', '--svg', chart], env);
    await user.close();
    expect(user.throughProxy()).toBe(0);
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    const { strategies } = comparison();
    for (const { orders, exactlyOne, duplicates, lost, killed, problems } of strategies) {
      expect(exactlyOne + duplicates + lost).toBe(orders);
      expect(killed.sends).toBeGreaterThan(0);
      expect(problems).toEqual([]);
    }
    const [retry, once, exactlyOne] = strategies;
    expect(retry).toMatchObject({ name: 'retry', lost: 0 });
    expect(retry?.duplicates).toBeGreaterThanOrEqual(1);
    expect(once).toMatchObject({ name: 'once', duplicates: 0 });
    expect(once?.lost).toBeGreaterThanOrEqual(1);
    expect(once?.sends).toBeLessThanOrEqual(4);
    expect(once?.failed).toBeGreaterThanOrEqual(2);
    expect(once?.failedWithTicket).toBeGreaterThanOrEqual(1);
    expect(exactlyOne).toMatchObject({ name: 'exactly-one-deadline', orders: 4, exactlyOne: 4, failed: 0, unended: 0 });
    expect(await readFile(chart, 'utf8')).toContain('>exactly-one-deadline</text>');
    await rm(chart);
  });

  it('refuses an unknown strategy with exit code 2 and names the known ones', async () => {
    const { code, output } = await compare(['--strategies', 'retry,hope']);
    expect(output).toContain(
      '"hope" is not a strategy; expected some of script, retry, key-per-attempt, check-then-create, once, ' +
        'once-then-validate, exactly-one-none, exactly-one-deadline, exactly-one-idempotency-key, exactly-one.',
    );
    expect(code).toBe(2);
  });
});
