import { describe, expect, it } from '@jest/globals';
import type { Progress } from '../contract/index.ts';
import { initialState, type OrderState, type Step } from '../protocol/index.ts';
import { progressAt } from './progress-at.ts';

const TIMINGS = {
  createDeadlineMs: 5_000,
  clockSkewMs: 1_000,
  settleMs: 15_000,
  lateWatchMs: [60_000],
};
const WORDS = { item: 'item', service: 'service' };
const NOW = 100_000;
const DEADLINE = NOW + 4_000;

const VALIDATE: Step = { kind: 'validate' };
const SETTLE: Step = { kind: 'wait', ms: 500, why: 'settling' };

/** An order that has sent a create. */
function sent(guarantee: OrderState['guarantee']): OrderState {
  const state = initialState({ guarantee, resumed: false, startedAtMs: 0, timings: TIMINGS });
  return { ...state, createAttempts: 1, lastDeadlineMs: DEADLINE };
}

/** The phase that is shown after each of these steps, and until when it lasts. */
function shownAfter(state: OrderState, ...steps: readonly Step[]) {
  let before: Pick<Progress, 'phase' | 'untilMs'> = { phase: 'preparing', untilMs: undefined };
  return steps.map((step) => {
    const { phase, untilMs } = progressAt(state, step, { timings: TIMINGS, words: WORDS, before, nowMs: NOW });
    before = { phase: phase ?? before.phase, untilMs };
    return [phase, untilMs];
  });
}

describe('an order', () => {
  it('that checks right after its create waits for no fence', () => {
    const create: Step = { kind: 'create', key: 'order-7/0' };
    expect(shownAfter(sent('none'), create, VALIDATE)).toEqual([
      ['creating', DEADLINE],
      ['validating', undefined],
    ]);
    expect(shownAfter(sent('idempotency-key'), create, { kind: 'read guarantee' }, VALIDATE).at(-1)).toEqual([
      'validating',
      undefined,
    ]);
  });

  it.each([
    ['none', DEADLINE + 16_000],
    ['deadline', DEADLINE + 1_000],
  ] as const)('that settles with guarantee %s waits until the same time while it checks', (guarantee, untilMs) => {
    expect(shownAfter(sent(guarantee), SETTLE, { kind: 'read guarantee' }, VALIDATE, SETTLE)).toEqual([
      ['settling', untilMs],
      ['validating', untilMs],
      ['validating', untilMs],
      ['settling', untilMs],
    ]);
  });

  it('that has settled waits for the fence no longer', () => {
    const backOff: Step = { kind: 'wait', ms: 300, why: 'backing off' };
    expect(shownAfter(sent('none'), SETTLE, VALIDATE, backOff, VALIDATE).slice(2)).toEqual([
      ['backing off', NOW + 300],
      ['validating', undefined],
    ]);
  });

  it.each([
    [
      { item: 'item', service: 'service' },
      'checking for an item until the fence has passed',
      'checking which items exist',
    ],
    [
      { item: 'label', service: 'carrier' },
      'checking for a label until the fence has passed',
      'checking which labels exist',
    ],
  ])('is described in the words of its service: %j', (words, settling, checking) => {
    const moment = { timings: TIMINGS, words, before: { phase: 'preparing' }, nowMs: NOW } as const;
    expect(progressAt(sent('none'), SETTLE, moment).detail).toBe(settling);
    expect(progressAt(sent('none'), VALIDATE, moment).detail).toBe(checking);
    expect(progressAt(sent('none'), { kind: 'read guarantee' }, moment).detail).toBe(
      `reading the guarantee of the ${words.service}`,
    );
  });
});
