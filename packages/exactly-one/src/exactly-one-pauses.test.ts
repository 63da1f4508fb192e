import { describe, expect, it } from '@jest/globals';
import { CREATE_BACK_OFF, exactlyOne } from './exactly-one.ts';
import {
  committed,
  firstRun,
  item,
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
const pausesOf = (done: readonly string[]) => done.filter((step) => step.startsWith('sleep'));

/** The longest pauses of a back-off that doubles up to its cap, for draws of 0.999; the last ones are at the cap. */
function doublingFrom(firstMs: number, rounds: number): readonly string[] {
  const boundsMs = Array.from({ length: rounds }, (_, round) => Math.min(firstMs * 2 ** round, CREATE_BACK_OFF.capMs));
  expect(boundsMs.at(-1)).toBe(CREATE_BACK_OFF.capMs);
  return boundsMs.map((ms) => `sleep ${Math.floor(0.999 * ms)}`);
}

describe('an order whose create was not sent', () => {
  it('backs off, checks, and creates again, with nothing to settle', async () => {
    const script = { checks: [[], [], [item('A')]], outcomes: [NOT_SENT, committed('A')] };
    const { done, state } = await run(firstRun('none'), script);
    expect(done).toEqual([
      ...['look', 'create', 'told not sent', 'sleep 250 unless cancelled'],
      ...['look', 'create', 'told committed', 'look'],
    ]);
    expect(state).toMatchObject({ createAttempts: 2, stayedUnknown: false });
  });

  it('backs off ever longer, up to the cap', async () => {
    const script = { checks: [[]], outcomes: [NOT_SENT], random: 0.999, longAfterLooks: 9 };
    const { done } = await run(firstRun('deadline'), script);
    expect(pausesOf(done)).toEqual(doublingFrom(500, 9).map((pause) => `${pause} unless cancelled`));
  });

  it('obeys a longer pause that the service asks for, up to a minute', async () => {
    const asks = (retryAfterMs: number) =>
      run(firstRun('deadline'), {
        checks: [[]],
        outcomes: [{ ...NOT_SENT, retryAfterMs }],
        longAfterLooks: 1,
      });
    expect(pausesOf((await asks(7_000)).done)).toEqual(['sleep 7000 unless cancelled']);
    expect(pausesOf((await asks(1)).done)).toEqual(['sleep 250 unless cancelled']);
    expect(pausesOf((await asks(3_600_000)).done)).toEqual(['sleep 60000 unless cancelled']);
  });
});

describe('an order that sends again with its key', () => {
  const script: Script = { checks: [[], [], [], [item('A')]], outcomes: [UNKNOWN, committed('A')] };

  it('backs off between the sends, but checks at once', async () => {
    const { done } = await run(firstRun('idempotency-key'), script);
    expect(done.slice(2, 7)).toEqual([
      ...['told unknown', 'read guarantee', 'look', 'sleep 250 unless cancelled', 'look'],
    ]);
  });

  it('obeys a longer pause that the service asks for, up to a minute', async () => {
    const asked = async (retryAfterMs: number) => {
      const outcomes = [{ ...UNKNOWN, retryAfterMs }, committed('A')];
      return pausesOf((await run(firstRun('idempotency-key'), { ...script, outcomes })).done);
    };
    expect(await asked(7_000)).toEqual(['sleep 7000 unless cancelled']);
    expect(await asked(3_600_000)).toEqual(['sleep 60000 unless cancelled']);
  });

  it('counts the pause from the outcome, not from the send', async () => {
    const { creates } = await run(firstRun('idempotency-key'), { ...script, createsTakeMs: 900 });
    expect(creates[1]?.atMs).toBe(START_MS + 900 + 250);
  });
});

describe('voids without effect', () => {
  it('slow down, up to the cap, while the first is not delayed', async () => {
    const script = { checks: [[item('A', 1), item('B', 2)]], random: 0.999, longAfterLooks: 8 };
    const { done } = await run(firstRun('deadline'), script);
    expect(done.slice(0, 4)).toEqual(['look', 'void B, keep A', 'look', 'sleep 999']);
    expect(pausesOf(done)).toEqual(doublingFrom(1_000, 7));
  });
});

describe('a wait that finds something out', () => {
  it('while settling checks ever more rarely and is not cut short by a cancellation', async () => {
    const { done } = await run(firstRun('deadline'), { checks: [[]], outcomes: [REJECTED] });
    expect(pausesOf(done)).toEqual(['sleep 250', 'sleep 500', 'sleep 351']);
  });

  it('for the final check takes all of its time, once for each of the late pauses', async () => {
    const { done, conclusion } = await run(resumedRun('none'), { checks: [[]], cancelInLook: 0 });
    expect(pausesOf(done).slice(-2)).toEqual(['sleep 3000', 'sleep 7000']);
    expect(pausesOf(done).filter((pause) => pause.endsWith('cancelled'))).toEqual([]);
    expect(done.at(-1)).toBe('look');
    expect(conclusion).toEqual({ kind: 'cancelled' });
  });
});

describe('a cancellation', () => {
  it('that comes during a look counts at once: no create follows', async () => {
    const { done, conclusion } = await run(firstRun('none'), { checks: [[]], cancelInLook: 1 });
    expect(done).toEqual(['look']);
    expect(conclusion).toEqual({ kind: 'cancelled' });
  });

  it('that finds an item before absence was proven comes too late, and the order says so', async () => {
    const { conclusion, done } = await run(firstRun('none'), { checks: [[item('A')]], cancelInLook: 0 });
    expect(done).toEqual(['look']);
    expect(conclusion).toMatchObject({ kind: 'one item', itemId: 'A', cancellationTooLate: true });
  });

  it('that comes too late for a resumed order says so, and its late watch runs all the same', async () => {
    const { conclusion } = await run(resumedRun('none'), { checks: [[item('A')]], cancelInLook: 0 });
    expect(conclusion).toMatchObject({ cancellationTooLate: true, lateWatchMs: TIMINGS.lateWatchMs });
  });

  it('after a create waits for the fence, voids the item, checks again and closes the order', async () => {
    const checks = [[], ...Array.from({ length: 4 }, () => [item('A')]), [voided('A')]];
    const { done, conclusion } = await run(firstRun('deadline'), {
      checks,
      outcomes: [committed('A')],
      cancelInLook: 2,
    });
    expect(pausesOf(done)).toEqual(['sleep 250', 'sleep 500', 'sleep 351']);
    expect(done.slice(-3)).toEqual(['look', 'void A, keep null', 'look']);
    expect(conclusion).toEqual({ kind: 'cancelled' });
  });

  it('of a rejected order closes it as cancelled', async () => {
    const { conclusion } = await run(firstRun('deadline'), { checks: [[]], outcomes: [REJECTED], cancelInLook: 2 });
    expect(conclusion).toEqual({ kind: 'cancelled' });
  });
});
