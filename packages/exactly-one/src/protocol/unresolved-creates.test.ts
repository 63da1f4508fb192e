import { describe, expect, it } from '@jest/globals';
import { GUARANTEES } from './guarantee.ts';
import { type OrderState, withCreateSent, withGuarantee } from './order-state.ts';
import {
  afterCheck,
  afterCreates,
  afterUnlistedClaim,
  committed,
  DEADLINE_MS,
  firstRun,
  item,
  LAST_SETTLING_MS,
  REJECTED,
  START_MS,
  UNKNOWN,
  voided,
} from './order-states.fixture.ts';

const EARLY_MS = 10_500;
const isResolved = (state: OrderState) => state.unresolvedCreates === undefined;

describe.each(GUARANTEES)('a single unresolved create, with guarantee %s,', (guarantee) => {
  const unresolved = afterCreates(firstRun(guarantee), UNKNOWN);

  it('is resolved at once by a live item, which must be its item', () => {
    const resolved = afterCheck(unresolved, EARLY_MS, item('A'));
    expect(isResolved(resolved)).toBe(true);
    expect(resolved).toMatchObject({ stayedUnknown: false, absenceProven: false });
  });

  it('is not resolved by a voided item', () => {
    expect(isResolved(afterCheck(unresolved, EARLY_MS, voided('A')))).toBe(false);
  });

  it('is resolved by absence only past the fence, to the millisecond, and then stayed unknown', () => {
    const lastMs = LAST_SETTLING_MS[guarantee];
    expect(afterCheck(unresolved, lastMs)).toMatchObject({
      unresolvedCreates: unresolved.unresolvedCreates,
      absenceProven: false,
      stayedUnknown: false,
    });
    const resolved = afterCheck(unresolved, lastMs + 1);
    expect(isResolved(resolved)).toBe(true);
    expect(resolved).toMatchObject({ absenceProven: true, stayedUnknown: true });
  });

  it('that stayed unknown is remembered through later creates and responses', () => {
    const unknown = afterCheck(unresolved, LAST_SETTLING_MS[guarantee] + 1);
    const later = afterCheck(afterCreates(unknown, committed('B')), EARLY_MS, item('B'));
    expect(later).toMatchObject({ stayedUnknown: true, absenceProven: true });
  });

  it('with a 201 is resolved by the claimed item, live or voided, and by no other', () => {
    const claimed = afterCreates(firstRun(guarantee), committed('A'));
    expect(isResolved(afterCheck(claimed, EARLY_MS, item('A')))).toBe(true);
    expect(isResolved(afterCheck(claimed, EARLY_MS, voided('A'), item('B')))).toBe(true);
    expect(isResolved(afterCheck(claimed, EARLY_MS))).toBe(false);
    expect(isResolved(afterCheck(claimed, EARLY_MS, item('B')))).toBe(false);
  });

  it('whose claimed item is not listed past the fence stayed unknown, although another item is listed', () => {
    const claimed = afterUnlistedClaim(firstRun(guarantee), 'A');
    const resolved = afterCheck(claimed, LAST_SETTLING_MS[guarantee] + 1, item('B'));
    expect(isResolved(resolved)).toBe(true);
    expect(resolved).toMatchObject({ stayedUnknown: true, absenceProven: false });
  });

  it('that was rejected does not stay unknown: past the fence it is known to have made nothing', () => {
    const rejected = afterCreates(firstRun(guarantee), REJECTED);
    expect(isResolved(afterCheck(rejected, LAST_SETTLING_MS[guarantee]))).toBe(false);
    const resolved = afterCheck(rejected, LAST_SETTLING_MS[guarantee] + 1);
    expect(isResolved(resolved)).toBe(true);
    expect(resolved).toMatchObject({ stayedUnknown: false, absenceProven: true });
  });
});

it.each(['none', 'deadline'] as const)(
  'a 201 with an item that was seen before the create resolves nothing, with guarantee %s',
  (guarantee) => {
    const before = afterCheck(firstRun(guarantee), START_MS, voided('A'));
    const claimed = afterCreates(before, committed('A'));
    expect(claimed.mustRereadGuarantee).toBe(true);
    expect(isResolved(afterCheck(claimed, EARLY_MS, voided('A')))).toBe(false);
    expect(isResolved(afterCheck(claimed, EARLY_MS, voided('A'), item('B')))).toBe(true);
  },
);

it('after a rejection the guarantee must be read again, because the fence depends on it', () => {
  expect(afterCreates(firstRun('deadline'), REJECTED).mustRereadGuarantee).toBe(true);
});

it('after a 201 whose item is not listed the guarantee must be read again, once', () => {
  const claimed = afterCreates(firstRun('deadline'), committed('A'));
  expect(afterCheck(claimed, EARLY_MS, item('A')).mustRereadGuarantee).toBe(false);
  const unlisted = afterCheck(claimed, LAST_SETTLING_MS.deadline + 1, item('B'));
  expect([unlisted.mustRereadGuarantee, isResolved(unlisted)]).toEqual([true, false]);
  expect(afterCheck(withGuarantee(unlisted, 'none'), EARLY_MS).mustRereadGuarantee).toBe(false);
});

describe('several unresolved creates', () => {
  const several = (guarantee: OrderState['guarantee']) => afterCreates(firstRun(guarantee), UNKNOWN, UNKNOWN);

  it('with one key that the service honours are resolved by an item, because they can only share one', () => {
    expect(isResolved(afterCheck(several('idempotency-key'), EARLY_MS, item('A')))).toBe(true);
  });

  it('with one key are not resolved by an item once the guarantee has weakened', () => {
    for (const weaker of ['none', 'deadline'] as const) {
      const weakened = withGuarantee(several('idempotency-key'), weaker);
      expect(isResolved(afterCheck(weakened, EARLY_MS, item('A')))).toBe(false);
      expect(afterCheck(weakened, LAST_SETTLING_MS[weaker] + 1, item('A'))).toMatchObject({ stayedUnknown: true });
    }
  });

  it('with several keys are not resolved by an item, because each key can make one', () => {
    const otherKey = withCreateSent(several('idempotency-key'), DEADLINE_MS, 'order-1/1');
    expect(isResolved(afterCheck(otherKey, EARLY_MS, item('A')))).toBe(false);
    expect(isResolved(afterCheck(otherKey, LAST_SETTLING_MS['idempotency-key'] + 1, item('A')))).toBe(true);
  });

  it('stay unknown when only the last was rejected', () => {
    const rejected = afterCreates(firstRun('idempotency-key'), UNKNOWN, REJECTED);
    const resolved = afterCheck(rejected, LAST_SETTLING_MS['idempotency-key'] + 1);
    expect(resolved).toMatchObject({ stayedUnknown: true });
  });

  it('remember the item that a 201 claimed while others are sent', () => {
    const claimed = afterCreates(firstRun('idempotency-key'), committed('A'), UNKNOWN);
    expect(isResolved(afterCheck(claimed, EARLY_MS, item('B')))).toBe(false);
    expect(isResolved(afterCheck(claimed, EARLY_MS, item('A')))).toBe(true);
  });
});

describe('absence', () => {
  it('is proven by a response with voided items only, and not by one with a live item', () => {
    expect(afterCheck(firstRun('none'), EARLY_MS, item('A'))).toMatchObject({ absenceProven: false });
    expect(afterCheck(firstRun('none'), EARLY_MS, voided('A'))).toMatchObject({ absenceProven: true });
  });

  it('once proven stays proven, although an item appears', () => {
    expect(afterCheck(afterCheck(firstRun('none'), 1), 2, item('A'))).toMatchObject({ absenceProven: true });
  });
});
