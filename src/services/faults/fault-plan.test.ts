import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createFaultPlan, UnknownPresetError } from './fault-plan.ts';
import { type FaultRule, rulesOfShares } from './fault-rules.ts';

const rule = (kind: FaultRule['kind'], probability: number): FaultRule => ({ point: 'create', kind, probability });
const planOf = (seed: number, rules: readonly FaultRule[]) => createFaultPlan({ calm: [] }, { seed, rules });

describe('a fault plan', () => {
  it('hits the same calls again with the same seed, however they interleave with the calls of other orders', () => {
    const calls = fc.array(fc.constantFrom('order-1', 'order-2', 'order-3'), { maxLength: 60 });
    fc.assert(
      fc.property(fc.nat(), calls, (seed, orders) => {
        const rules = [rule('error-500', 0.4), rule('timeout', 0.3)];
        const mixed = planOf(seed, rules);
        const injected = orders.map((order) => ({ order, fault: mixed.decide('create', order) }));
        for (const order of new Set(orders)) {
          const alone = planOf(seed, rules);
          for (const { fault } of injected.filter((one) => one.order === order)) {
            expect(alone.decide('create', order)).toEqual(fault);
          }
        }
      }),
    );
  });

  it('hits other calls with another seed', () => {
    const decisions = (seed: number) => {
      const plan = planOf(seed, [rule('error-500', 0.5)]);
      return Array.from({ length: 64 }, () => plan.decide('create', 'order-1')?.kind);
    };
    expect(decisions(1)).not.toEqual(decisions(2));
  });

  it('hits no call at probability 0 and every call at 1, and only at its point', () => {
    const never = planOf(1, [rule('error-500', 0)]);
    const always = planOf(1, [rule('error-500', 1)]);
    for (let call = 0; call < 100; call += 1) {
      expect(never.decide('create', 'order-1')).toBeUndefined();
      expect(always.decide('create', 'order-1')?.kind).toBe('error-500');
      expect(always.decide('validate', 'order-1')).toBeUndefined();
    }
  });

  it('lets the first rule that hits win and draws for each rule independently, so the shares are as requested', () => {
    const plan = planOf(
      7,
      rulesOfShares('create', [
        { kind: 'error-500', share: 0.4 },
        { kind: 'timeout', share: 0.4 },
      ]),
    );
    const counts = { 'error-500': 0, timeout: 0, none: 0 };
    for (let call = 0; call < 10_000; call += 1) {
      const kind = plan.decide('create', 'order-1')?.kind;
      if (kind === 'error-500' || kind === 'timeout') counts[kind] += 1;
      else counts.none += 1;
    }
    expect(counts['error-500'] / 10_000).toBeCloseTo(0.4, 1);
    expect(counts.timeout / 10_000).toBeCloseTo(0.4, 1);
    expect(counts.none / 10_000).toBeCloseTo(0.2, 1);
  });

  it('lets a timeout hang for ever, unless its rule has a delay', () => {
    const hangs = (delayMs?: number) => {
      const timeout: FaultRule = { point: 'create', kind: 'timeout', probability: 1 };
      return planOf(1, [delayMs === undefined ? timeout : { ...timeout, delayMs }]).decide('create', 'order-1')
        ?.delayMs;
    };
    expect([hangs(), hangs(30_000)]).toEqual([Number.POSITIVE_INFINITY, 30_000]);
  });

  it('starts counting again when it is replaced', () => {
    const choice = { seed: 3, rules: [rule('error-500', 0.5)] };
    const plan = createFaultPlan({ calm: [] }, choice);
    const decisions = () => Array.from({ length: 32 }, () => plan.decide('create', 'order-1')?.kind);
    const first = decisions();
    expect(decisions()).not.toEqual(first);
    plan.choose(choice);
    expect(decisions()).toEqual(first);
  });

  it('refuses an unknown preset and lists the known ones', () => {
    const plan = createFaultPlan({ calm: [], rare: [] }, { seed: 1, preset: 'calm' });
    expect(() => plan.choose({ seed: 1, preset: 'constructor' })).toThrow(UnknownPresetError);
    expect(() => plan.choose({ seed: 1, preset: 'wild' })).toThrow('calm, rare');
    expect(plan.state()).toEqual({ seed: 1, preset: 'calm', rules: [] });
  });
});
