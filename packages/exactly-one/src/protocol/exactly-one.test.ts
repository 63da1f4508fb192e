import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CreateOutcome } from './create-outcome.ts';
import { GUARANTEES } from './guarantee.ts';
import {
  committed,
  firstRun,
  item,
  KEY,
  NOT_SENT,
  REJECTED,
  resumedRun,
  START_MS,
  UNKNOWN,
  voided,
} from './order-states.fixture.ts';
import { runOrder } from './scripted-steps.fixture.ts';

describe.each(GUARANTEES)('an order with guarantee %s', (guarantee) => {
  it('checks before its first create, and completes with the item that exists', async () => {
    const { done, conclusion } = await runOrder(firstRun(guarantee), { checks: [[item('A')]] });
    expect(done).toEqual(['check']);
    expect(conclusion).toEqual({ kind: 'one item', itemId: 'A', cancellationTooLate: false });
  });

  it('creates once, and trusts the item only when it is listed', async () => {
    const script = { checks: [[], [item('A')]], outcomes: [committed('A')] };
    const { done, conclusion, state, creates } = await runOrder(firstRun(guarantee), script);
    expect(done).toEqual(['check', 'create', 'outcome committed', 'check']);
    expect(conclusion).toMatchObject({ kind: 'one item', itemId: 'A' });
    expect(state.createAttempts).toBe(1);
    expect(creates).toEqual([
      {
        ...{ attempt: 1, deadlineMs: START_MS + 1_000, createDeadlineMs: 1_000, idempotencyKey: KEY, guarantee },
        atMs: START_MS,
      },
    ]);
  });

  it('fixes the deadline of each create when it requests it, and remembers the last', async () => {
    const script = { checks: [[], [], [item('A')]], outcomes: [UNKNOWN, committed('A')], guarantees: [guarantee] };
    const { creates, state } = await runOrder(firstRun(guarantee), { ...script, createsTakeMs: 40 });
    for (const { atMs, deadlineMs } of creates) expect(deadlineMs).toBe(atMs + 1_000);
    expect(state.lastDeadlineMs).toBe(creates.at(-1)?.deadlineMs);
  });

  it('numbers its creates, including those that were not sent', async () => {
    const outcomes = [NOT_SENT, NOT_SENT, committed('A')];
    const { creates } = await runOrder(firstRun(guarantee), { checks: [[], [], [], [item('A')]], outcomes });
    expect(creates.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('voids surplus items, checks again and completes with the keeper', async () => {
    const checks = [
      [item('A', 1), item('B', 2), item('C', 3)],
      [item('A', 1), voided('B', 2), voided('C', 3)],
    ];
    const { done, conclusion } = await runOrder(firstRun(guarantee), { checks });
    expect(done).toEqual(['check', 'void B, keep A', 'void C, keep A', 'check']);
    expect(conclusion).toMatchObject({ itemId: 'A' });
  });

  it('chooses another keeper when the first turns out not to be live', async () => {
    const checks = [
      [item('A', 1), item('B', 2)],
      [voided('A', 1), item('B', 2)],
    ];
    const { done, conclusion } = await runOrder(firstRun(guarantee), { checks, voids: ['keeper-not-live'] });
    expect(done).toEqual(['check', 'void B, keep A', 'check']);
    expect(conclusion).toMatchObject({ itemId: 'B' });
  });

  it('requires of each response everything that it has seen', async () => {
    const checks = [
      [item('A'), item('B')],
      [item('A'), voided('B')],
      [item('A'), voided('B')],
    ];
    const { seenPassed } = await runOrder(firstRun(guarantee), { checks });
    expect(seenPassed).toEqual([
      { itemIds: [], voidedItemIds: [] },
      { itemIds: ['A', 'B'], voidedItemIds: [] },
    ]);
  });

  it('never creates twice without a check in between, whatever the outcomes', async () => {
    const outcome = fc.constantFrom(UNKNOWN, NOT_SENT, committed('X'), REJECTED);
    await fc.assert(
      fc.asyncProperty(fc.array(outcome, { minLength: 1, maxLength: 6 }), async (outcomes) => {
        const script = { checks: [[]], outcomes, guarantees: [guarantee], interruptAfterChecks: 40 };
        const { done } = await runOrder(firstRun(guarantee), script);
        const sequence = done.filter((step) => step === 'check' || step === 'create').join(' ');
        expect(sequence).toMatch(/^check/);
        expect(sequence).not.toMatch(/create create/);
      }),
      { seed: 112_358, numRuns: 50 },
    );
  });

  it('reads the guarantee again after every unknown outcome, before it checks, and after no other', async () => {
    const checks = [[], [item('A')]];
    const stepsAfter = async (outcome: CreateOutcome) => {
      const script = { checks, outcomes: [outcome], guarantees: [guarantee] };
      const { done } = await runOrder(firstRun(guarantee), script);
      return done.slice(done.indexOf('create') + 2);
    };
    expect(await stepsAfter(UNKNOWN)).toEqual(['read guarantee', 'check']);
    expect(await stepsAfter(committed('A'))).toEqual(['check']);
    expect(await stepsAfter(NOT_SENT)).toEqual(['sleep 250 unless cancelled', 'check']);
  });

  it('fails with the code and the reason of a rejection', async () => {
    const { conclusion } = await runOrder(firstRun(guarantee), { checks: [[]], outcomes: [REJECTED] });
    expect(conclusion).toEqual({ kind: 'rejected', code: 'PAYMENT_DECLINED', reason: 'the response was 422' });
  });
});

describe('the weakest guarantee seen', () => {
  it('is read again after a 201 whose item is not listed, before that response decides anything', async () => {
    const { done, creates } = await runOrder(firstRun('deadline'), {
      checks: [[]],
      outcomes: [committed('A')],
      guarantees: ['none'],
      interruptAfterChecks: 20,
    });
    expect(done.slice(done.indexOf('create') + 2).slice(0, 3)).toEqual(['check', 'read guarantee', 'check']);
    expect(creates[1]?.atMs).toBeGreaterThan((creates[0]?.deadlineMs ?? 0) + 2_100);
  });

  it('applies to the order: once weakened, the next create waits for the later fence', async () => {
    const script = { checks: [[]], guarantees: ['none', 'idempotency-key'] as const, interruptAfterChecks: 20 };
    const { creates } = await runOrder(firstRun('deadline'), script);
    expect(creates[0]?.guarantee).toBe('deadline');
    expect(creates.slice(1).map((create) => create.guarantee)).toEqual(creates.slice(1).map(() => 'none'));
    expect(creates[1]?.atMs).toBeGreaterThan(START_MS + 3_100);
    expect(creates[2]?.atMs).toBeGreaterThan((creates[1]?.deadlineMs ?? 0) + 2_100);
  });

  it('keeps an order that started with keys, and lost them, from repeating an unresolved create', async () => {
    const { creates } = await runOrder(firstRun('idempotency-key'), {
      checks: [[]],
      guarantees: ['idempotency-key', 'deadline', 'idempotency-key'],
      interruptAfterChecks: 20,
    });
    expect(creates[1]?.atMs).toBeLessThan(START_MS + 1_000);
    expect(creates[2]?.atMs).toBeGreaterThan((creates[1]?.deadlineMs ?? 0) + 100);
    expect(creates[2]?.guarantee).toBe('deadline');
  });
});

describe('a completed order', () => {
  it('needs no late watch when all its outcomes became known', async () => {
    const script = { checks: [[], [item('A')]], outcomes: [UNKNOWN], guarantees: ['none'] as const };
    const { conclusion } = await runOrder(firstRun('none'), script);
    expect(conclusion).not.toHaveProperty('lateWatchMs');
  });

  it('has a late watch, counted from the fence of its last create, when an outcome stayed unknown', async () => {
    const checks = [...Array.from({ length: 6 }, () => []), [item('A')]];
    const { conclusion, creates } = await runOrder(firstRun('none'), {
      checks,
      outcomes: [UNKNOWN, committed('A')],
      guarantees: ['none'],
    });
    expect(creates).toHaveLength(2);
    expect(conclusion).toHaveProperty('lateWatchMs', [3_000 + 1_000 + 2_000 + 100, 7_000]);
  });

  it('has a late watch when it was resumed, although it created nothing', async () => {
    const { conclusion, creates } = await runOrder(resumedRun('none'), { checks: [[item('A')]] });
    expect(creates).toEqual([]);
    expect(conclusion).toHaveProperty('lateWatchMs', [3_000, 7_000]);
  });
});
