import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CreateOutcome } from './classify-outcome.ts';
import { exactlyOne } from './exactly-one.ts';
import { GUARANTEES } from './guarantee.ts';
import {
  committed,
  firstRun,
  item,
  KEY,
  NOT_SENT,
  ORDER_ID,
  REJECTED,
  resumedRun,
  START_MS,
  TIMINGS,
  UNKNOWN,
  voided,
} from './moments.fixture.ts';
import type { OrderState } from './order-state.ts';
import { type Script, scriptSteps } from './scripted-steps.fixture.ts';

async function run(begun: OrderState, script: Script) {
  const scripted = scriptSteps(script);
  const ended = await exactlyOne(ORDER_ID, scripted.steps, TIMINGS, begun);
  return { ...scripted, ...ended };
}

describe.each(GUARANTEES)('an order with guarantee %s', (guarantee) => {
  it('checks before its first create, and completes with the item that is there', async () => {
    const { done, conclusion } = await run(firstRun(guarantee), { checks: [[item('A')]] });
    expect(done).toEqual(['look']);
    expect(conclusion).toEqual({ kind: 'one item', itemId: 'A', cancellationTooLate: false });
  });

  it('creates once and believes its item only when it is listed', async () => {
    const script = { checks: [[], [item('A')]], outcomes: [committed('A')] };
    const { done, conclusion, state, creates } = await run(firstRun(guarantee), script);
    expect(done).toEqual(['look', 'create', 'told committed', 'look']);
    expect(conclusion).toMatchObject({ kind: 'one item', itemId: 'A' });
    expect(state.createAttempts).toBe(1);
    expect(creates).toEqual([{ atMs: START_MS, deadlineMs: START_MS + 1_000, key: KEY, guarantee }]);
  });

  it('fixes the deadline of each create when it asks for it, and remembers the last', async () => {
    const script = { checks: [[], [], [item('A')]], outcomes: [UNKNOWN, committed('A')], guarantees: [guarantee] };
    const { creates, state } = await run(firstRun(guarantee), { ...script, createsTakeMs: 40 });
    for (const { atMs, deadlineMs } of creates) expect(deadlineMs).toBe(atMs + 1_000);
    expect(state.lastDeadlineMs).toBe(creates.at(-1)?.deadlineMs);
  });

  it('voids what is surplus, checks again and completes with the keeper', async () => {
    const checks = [
      [item('A', 1), item('B', 2), item('C', 3)],
      [item('A', 1), voided('B', 2), voided('C', 3)],
    ];
    const { done, conclusion } = await run(firstRun(guarantee), { checks });
    expect(done).toEqual(['look', 'void B, keep A', 'void C, keep A', 'look']);
    expect(conclusion).toMatchObject({ itemId: 'A' });
  });

  it('chooses anew when its keeper turns out not to be live', async () => {
    const checks = [
      [item('A', 1), item('B', 2)],
      [voided('A', 1), item('B', 2)],
    ];
    const { done, conclusion } = await run(firstRun(guarantee), { checks, voids: ['keeper-not-live'] });
    expect(done).toEqual(['look', 'void B, keep A', 'look']);
    expect(conclusion).toMatchObject({ itemId: 'B' });
  });

  it('asks each time for an answer that lacks nothing of what it has seen', async () => {
    const checks = [
      [item('A'), item('B')],
      [item('A'), voided('B')],
      [item('A'), voided('B')],
    ];
    const { seenAsked } = await run(firstRun(guarantee), { checks });
    expect(seenAsked).toEqual([
      { itemIds: [], voidedItemIds: [] },
      { itemIds: ['A', 'B'], voidedItemIds: [] },
    ]);
  });

  it('never repeats a create without a look between, whatever comes of it', async () => {
    const outcome = fc.constantFrom(UNKNOWN, NOT_SENT, committed('X'), REJECTED);
    await fc.assert(
      fc.asyncProperty(fc.array(outcome, { minLength: 1, maxLength: 6 }), async (outcomes) => {
        const script = { checks: [[]], outcomes, guarantees: [guarantee], longAfterLooks: 40 };
        const { done } = await run(firstRun(guarantee), script);
        const order = done.filter((step) => step === 'look' || step === 'create').join(' ');
        expect(order).toMatch(/^look/);
        expect(order).not.toMatch(/create create/);
      }),
      { seed: 112_358, numRuns: 50 },
    );
  });

  it('reads the guarantee again after every unknown outcome, before it checks, and after no other', async () => {
    const checks = [[], [item('A')]];
    const between = async (outcome: CreateOutcome) => {
      const { done } = await run(firstRun(guarantee), { checks, outcomes: [outcome], guarantees: [guarantee] });
      return done.slice(done.indexOf('create') + 2);
    };
    expect(await between(UNKNOWN)).toEqual(['read guarantee', 'look']);
    expect(await between(committed('A'))).toEqual(['look']);
    expect(await between(NOT_SENT)).toEqual(['sleep 250 unless cancelled', 'look']);
  });

  it('fails with code and reason of the rejection', async () => {
    const { conclusion } = await run(firstRun(guarantee), { checks: [[]], outcomes: [REJECTED] });
    expect(conclusion).toEqual({ kind: 'rejected', code: 'PAYMENT_DECLINED', reason: 'answered 422' });
  });
});

describe('the weakest guarantee seen', () => {
  it('is asked for again after a 201 whose item is not listed, before that answer decides anything', async () => {
    const { done, creates } = await run(firstRun('deadline'), {
      checks: [[]],
      outcomes: [committed('A')],
      guarantees: ['none'],
      longAfterLooks: 20,
    });
    expect(done.slice(done.indexOf('create') + 2).slice(0, 3)).toEqual(['look', 'read guarantee', 'look']);
    expect(creates[1]?.atMs).toBeGreaterThan((creates[0]?.deadlineMs ?? 0) + 2_100);
  });

  it('rules the order: once weakened, the next create waits for the farther fence', async () => {
    const script = { checks: [[]], guarantees: ['none', 'idempotency-key'] as const, longAfterLooks: 20 };
    const { creates } = await run(firstRun('deadline'), script);
    expect(creates[0]?.guarantee).toBe('deadline');
    expect(creates.slice(1).map((create) => create.guarantee)).toEqual(creates.slice(1).map(() => 'none'));
    expect(creates[1]?.atMs).toBeGreaterThan(START_MS + 3_100);
    expect(creates[2]?.atMs).toBeGreaterThan((creates[1]?.deadlineMs ?? 0) + 2_100);
  });

  it('does not let the order send again in unresolved when it started with keys and lost them', async () => {
    const { creates } = await run(firstRun('idempotency-key'), {
      checks: [[]],
      guarantees: ['idempotency-key', 'deadline', 'idempotency-key'],
      longAfterLooks: 20,
    });
    expect(creates[1]?.atMs).toBeLessThan(START_MS + 1_000);
    expect(creates[2]?.atMs).toBeGreaterThan((creates[1]?.deadlineMs ?? 0) + 100);
    expect(creates[2]?.guarantee).toBe('deadline');
  });
});

describe('a completed order', () => {
  const lateItem = { checks: [[], [item('A')]], outcomes: [UNKNOWN] };

  it('needs no late watch when its outcomes were found out', async () => {
    const { conclusion } = await run(firstRun('none'), { ...lateItem, guarantees: ['none'] });
    expect(conclusion).not.toHaveProperty('lateWatchMs');
  });

  it('has a late watch counted from the fence of its last create, when an outcome stayed unknown', async () => {
    const checks = [...Array.from({ length: 6 }, () => []), [item('A')]];
    const { conclusion, creates } = await run(firstRun('none'), {
      checks,
      outcomes: [UNKNOWN, committed('A')],
      guarantees: ['none'],
    });
    expect(creates).toHaveLength(2);
    expect(conclusion).toHaveProperty('lateWatchMs', [3_000 + 1_000 + 2_000 + 100, 7_000]);
  });

  it('has a late watch when it was resumed, although it sent nothing', async () => {
    const { conclusion, creates } = await run(resumedRun('none'), { checks: [[item('A')]] });
    expect(creates).toEqual([]);
    expect(conclusion).toHaveProperty('lateWatchMs', [3_000, 7_000]);
  });
});
