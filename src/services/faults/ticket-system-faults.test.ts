import { describe, expect, it } from '@jest/globals';
import { FAULT_KINDS, type FaultRule } from './fault-rules.ts';
import { TICKET_SYSTEM_POINTS, TICKET_SYSTEM_PRESETS } from './ticket-system-faults.ts';

const points = Object.keys(TICKET_SYSTEM_POINTS);

/** How many calls of a point get a fault: the first rule that hits wins. */
function total(rules: readonly FaultRule[], point: string): number {
  const spared = rules.filter((rule) => rule.point === point).reduce((left, rule) => left * (1 - rule.probability), 1);
  return 1 - spared;
}

describe('the presets of the ticket system', () => {
  it.each([
    ['calm', 0],
    ['rare', 0.01],
    ['more-likely', 0.1],
    ['pretty-likely', 0.5],
    ['very-likely', 0.8],
  ] as const)('let, in %s, every call fail with probability %d in all', (preset, probability) => {
    const rules = TICKET_SYSTEM_PRESETS[preset];
    for (const point of ['token', 'reservation', 'vault', 'create.late-commit', 'validate', 'void']) {
      expect(total(rules, point)).toBeCloseTo(probability, 10);
    }
    const before = total(rules, 'create.before-commit');
    expect(before).toBeCloseTo(probability / 2, 10);
    expect(before + (1 - before) * total(rules, 'create.after-commit')).toBeCloseTo(probability, 10);
  });

  it.each(Object.entries(TICKET_SYSTEM_PRESETS))('use only possible kinds in %s', (_, rules) => {
    const impossible = rules.filter(({ point, kind }) => {
      const possible: readonly string[] = TICKET_SYSTEM_POINTS[point];
      return !possible.includes(kind);
    });
    expect(impossible).toEqual([]);
  });

  it('use every point and every kind in hostile', () => {
    const { hostile } = TICKET_SYSTEM_PRESETS;
    expect(new Set(hostile.map(({ point }) => point))).toEqual(new Set(points));
    expect(new Set(hostile.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS));
  });

  it('never truly reject a create in hostile, but lie about one after its commit', () => {
    const declined = TICKET_SYSTEM_PRESETS.hostile.filter(({ kind }) => kind === 'error-4xx').map(({ point }) => point);
    expect(declined).not.toContain('create.before-commit');
    expect(declined).toContain('create.after-commit');
  });

  it('hit about half of the creates in hostile, and let most reads succeed', () => {
    const { hostile } = TICKET_SYSTEM_PRESETS;
    const spared = ['create.before-commit', 'create.late-commit', 'create.after-commit']
      .map((point) => 1 - total(hostile, point))
      .reduce((product, one) => product * one, 1);
    expect(1 - spared).toBeGreaterThan(0.4);
    expect(1 - spared).toBeLessThan(0.6);
    expect(total(hostile, 'validate')).toBeLessThan(0.4);
  });
});
