import { describe, expect, it } from '@jest/globals';
import { ACCOUNT_POINTS, ACCOUNT_PRESETS, type AccountPoint } from './account-faults.ts';
import { createFaultPlan } from './fault-plan.ts';
import type { FaultRule } from './fault-rules.ts';

/** How many calls of a point get a fault: the first rule that hits wins. */
function total(rules: readonly FaultRule[], point: string): number {
  return 1 - rules.filter((rule) => rule.point === point).reduce((left, rule) => left * (1 - rule.probability), 1);
}

describe('the presets of the account API', () => {
  it.each([
    ['calm', 0],
    ['rare', 0.01],
    ['more-likely', 0.1],
    ['pretty-likely', 0.5],
    ['very-likely', 0.8],
  ] as const)('let, in %s, every post fail with probability %d, and reject no deposit', (preset, probability) => {
    const rules = ACCOUNT_PRESETS[preset];
    const before = total(rules, 'account.before-commit');
    expect(before).toBeCloseTo(probability / 2, 10);
    expect(before + (1 - before) * total(rules, 'account.after-commit')).toBeCloseTo(probability, 10);
    expect(total(rules, 'account.deposit.reject')).toBe(0);
  });

  it('let 10 % of all calls hang for 30 s and 40 % respond with 500 in workshop, all before the effect', () => {
    const plan = createFaultPlan<AccountPoint>(ACCOUNT_PRESETS, { seed: 1, preset: 'workshop' });
    const counts = new Map<string, number>();
    for (let call = 0; call < 10_000; call += 1) {
      const fault = plan.decide('account.before-commit', 'GET account_A');
      const name = fault === undefined ? 'none' : `${fault.kind} ${fault.delayMs}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      expect(plan.decide('account.after-commit', 'POST account_A')).toBeUndefined();
    }
    expect((counts.get('timeout 30000') ?? 0) / 10_000).toBeCloseTo(0.1, 1);
    expect((counts.get('error-500 300') ?? 0) / 10_000).toBeCloseTo(0.4, 1);
    expect((counts.get('none') ?? 0) / 10_000).toBeCloseTo(0.5, 1);
  });

  it('add failures after the commit to those of the workshop in real-world', () => {
    const { workshop, 'real-world': realWorld } = ACCOUNT_PRESETS;
    expect(realWorld.slice(0, workshop.length)).toEqual(workshop);
    expect(total(realWorld, 'account.after-commit')).toBeCloseTo(0.2, 10);
  });

  it('use every point in hostile, with every kind that is possible there', () => {
    for (const [point, kinds] of Object.entries(ACCOUNT_POINTS)) {
      const injected = ACCOUNT_PRESETS.hostile.filter((rule) => rule.point === point).map(({ kind }) => kind);
      expect(new Set(injected)).toEqual(new Set(kinds));
    }
  });

  it.each(Object.entries(ACCOUNT_PRESETS))('use only possible kinds in %s', (_, rules) => {
    const impossible = rules.filter(({ point, kind }) => {
      const possible: readonly string[] = ACCOUNT_POINTS[point];
      return !possible.includes(kind);
    });
    expect(impossible).toEqual([]);
  });
});
