import { describe, expect, it } from '@jest/globals';
import { CREATE_BACK_OFF } from './exactly-one.ts';
import { GUARANTEES } from './guarantee.ts';
import {
  ACCEPTED,
  committed,
  firstRun,
  item,
  NOT_SENT,
  REJECTED,
  resumedRun,
  START_MS,
  TIMINGS,
  UNKNOWN,
  voided,
} from './order-states.fixture.ts';
import { runOrder, type Script } from './scripted-steps.fixture.ts';

const pausesIn = (done: readonly string[]) => done.filter((step) => step.startsWith('sleep'));

/**
 * The longest pauses of a back-off that doubles up to its cap, for random numbers of 0.999; the last ones are at the
 * cap.
 */
function doublingFrom(firstMs: number, rounds: number): readonly string[] {
  const boundsMs = Array.from({ length: rounds }, (_, round) => Math.min(firstMs * 2 ** round, CREATE_BACK_OFF.capMs));
  expect(boundsMs.at(-1)).toBe(CREATE_BACK_OFF.capMs);
  return boundsMs.map((ms) => `sleep ${Math.floor(0.999 * ms)}`);
}

describe('an order whose create was not sent', () => {
  it('backs off, checks, and creates again without settling', async () => {
    const script = { checks: [[], [], [item('A')]], outcomes: [NOT_SENT, committed('A')] };
    const { done, state } = await runOrder(firstRun('none'), script);
    expect(done).toEqual([
      ...['check', 'create', 'outcome not sent', 'sleep 250 unless cancelled'],
      ...['check', 'create', 'outcome committed', 'check'],
    ]);
    expect(state).toMatchObject({ createAttempts: 2, stayedUnknown: false });
  });

  it('backs off longer each time, up to the cap', async () => {
    const script = { checks: [[]], outcomes: [NOT_SENT], random: 0.999, interruptAfterChecks: 9 };
    const { done } = await runOrder(firstRun('deadline'), script);
    expect(pausesIn(done)).toEqual(doublingFrom(500, 9).map((pause) => `${pause} unless cancelled`));
  });

  it('honours a Retry-After that is longer, up to a minute', async () => {
    const pausesAfter = async (retryAfterMs: number) => {
      const script = { checks: [[]], outcomes: [{ ...NOT_SENT, retryAfterMs }], interruptAfterChecks: 1 };
      return pausesIn((await runOrder(firstRun('deadline'), script)).done);
    };
    expect(await pausesAfter(7_000)).toEqual(['sleep 7000 unless cancelled']);
    expect(await pausesAfter(1)).toEqual(['sleep 250 unless cancelled']);
    expect(await pausesAfter(3_600_000)).toEqual(['sleep 60000 unless cancelled']);
  });
});

describe('an order that repeats a create with its key', () => {
  const script: Script = { checks: [[], [], [], [item('A')]], outcomes: [UNKNOWN, committed('A')] };

  it('checks at once, but backs off before the next create', async () => {
    const { done } = await runOrder(firstRun('idempotency-key'), script);
    expect(done.slice(2, 7)).toEqual([
      ...['outcome unknown', 'read guarantee', 'check', 'sleep 250 unless cancelled', 'check'],
    ]);
  });

  it('honours a Retry-After that is longer, up to a minute', async () => {
    const pausesAfter = async (retryAfterMs: number) => {
      const outcomes = [{ ...UNKNOWN, retryAfterMs }, committed('A')];
      return pausesIn((await runOrder(firstRun('idempotency-key'), { ...script, outcomes })).done);
    };
    expect(await pausesAfter(7_000)).toEqual(['sleep 7000 unless cancelled']);
    expect(await pausesAfter(3_600_000)).toEqual(['sleep 60000 unless cancelled']);
  });

  it('counts the pause from the outcome, not from the request', async () => {
    const { creates } = await runOrder(firstRun('idempotency-key'), { ...script, createsTakeMs: 900 });
    expect(creates[1]?.atMs).toBe(START_MS + 900 + 250);
  });
});

describe('voids without effect', () => {
  it('are repeated more slowly each time, up to the cap, while the first is not delayed', async () => {
    const script = { checks: [[item('A', 1), item('B', 2)]], random: 0.999, interruptAfterChecks: 8 };
    const { done } = await runOrder(firstRun('deadline'), script);
    expect(done.slice(0, 4)).toEqual(['check', 'void B, keep A', 'check', 'sleep 999']);
    expect(pausesIn(done)).toEqual(doublingFrom(1_000, 7));
  });
});

describe('a wait that is not cut short by a cancellation', () => {
  it('is that of settling, which checks less often each time', async () => {
    const { done } = await runOrder(firstRun('deadline'), { checks: [[]], outcomes: [REJECTED] });
    expect(pausesIn(done)).toEqual(['sleep 250', 'sleep 500', 'sleep 351']);
  });

  it('is that for each of the final checks', async () => {
    const { done, conclusion } = await runOrder(resumedRun('none'), { checks: [[]], cancelDuringCheck: 0 });
    expect(pausesIn(done).slice(-2)).toEqual(['sleep 3000', 'sleep 7000']);
    expect(pausesIn(done).filter((pause) => pause.endsWith('cancelled'))).toEqual([]);
    expect(done.at(-1)).toBe('check');
    expect(conclusion).toEqual({ kind: 'cancelled' });
  });
});

describe('somebody who says that an item may have come', () => {
  it('cuts the pause short while the order settles, and nothing else: absence still counts only past the fence', async () => {
    const script = { checks: [[]], outcomes: [REJECTED], hintsAfterMs: 300 };
    const { done, conclusion } = await runOrder(firstRun('deadline'), script);
    expect(pausesIn(done)).toEqual(['sleep 250', 'sleep 300', 'sleep 300', 'sleep 251']);
    expect(conclusion).toMatchObject({ kind: 'rejected' });
  });

  it('does not bring forward a final check, which waits for what commits late', async () => {
    const script = { checks: [[]], cancelDuringCheck: 0, hintsAfterMs: 300 };
    const { done } = await runOrder(resumedRun('none'), script);
    expect(pausesIn(done).slice(-2)).toEqual(['sleep 3000', 'sleep 7000']);
  });
});

describe('an order whose create was accepted', () => {
  it.each(GUARANTEES)(
    'with guarantee %s waits for the item to be listed, without another create',
    async (guarantee) => {
      const { done, conclusion } = await runOrder(firstRun(guarantee), {
        checks: [[], [], [], [item('A')]],
        outcomes: [ACCEPTED],
        guarantees: [guarantee],
      });
      expect(done.filter((step) => step === 'create')).toHaveLength(1);
      expect(pausesIn(done)).toEqual(['sleep 250', 'sleep 500']);
      expect(conclusion).toMatchObject({ kind: 'one item', itemId: 'A' });
    },
  );

  it('creates again when the item has not come by the fence', async () => {
    const { creates } = await runOrder(firstRun('idempotency-key'), {
      checks: [[], [], [], [], [], [item('A')]],
      outcomes: [ACCEPTED, committed('A')],
    });
    expect(creates.map(({ atMs }) => atMs > START_MS + TIMINGS.createDeadlineMs)).toEqual([false, true]);
    expect(new Set(creates.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });
});

describe('a cancellation', () => {
  it('during a check takes effect at once: no create follows', async () => {
    const { done, conclusion } = await runOrder(firstRun('none'), { checks: [[]], cancelDuringCheck: 1 });
    expect(done).toEqual(['check']);
    expect(conclusion).toEqual({ kind: 'cancelled' });
  });

  it('that finds an item before absence was proven comes too late, and the conclusion says so', async () => {
    const { conclusion, done } = await runOrder(firstRun('none'), { checks: [[item('A')]], cancelDuringCheck: 0 });
    expect(done).toEqual(['check']);
    expect(conclusion).toMatchObject({ kind: 'one item', itemId: 'A', cancellationTooLate: true });
  });

  it('that comes too late for a resumed order does not prevent its late watch', async () => {
    const { conclusion } = await runOrder(resumedRun('none'), { checks: [[item('A')]], cancelDuringCheck: 0 });
    expect(conclusion).toMatchObject({ cancellationTooLate: true, lateWatchMs: TIMINGS.lateWatchMs });
  });

  it('after a create waits for the fence, voids the item, checks again and closes the order', async () => {
    const checks = [[], ...Array.from({ length: 4 }, () => [item('A')]), [voided('A')]];
    const { done, conclusion } = await runOrder(firstRun('deadline'), {
      checks,
      outcomes: [committed('A')],
      cancelDuringCheck: 2,
    });
    expect(pausesIn(done)).toEqual(['sleep 250', 'sleep 500', 'sleep 351']);
    expect(done.slice(-3)).toEqual(['check', 'void A, keep null', 'check']);
    expect(conclusion).toEqual({ kind: 'cancelled' });
  });

  it('of a rejected order closes it as cancelled', async () => {
    const script = { checks: [[]], outcomes: [REJECTED], cancelDuringCheck: 2 };
    const { conclusion } = await runOrder(firstRun('deadline'), script);
    expect(conclusion).toEqual({ kind: 'cancelled' });
  });
});
