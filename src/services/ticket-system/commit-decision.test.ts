import { describe, expect, it } from '@jest/globals';
import { type CreateSituation, decideCommit, decideVoid, type VoidSituation } from './commit-decision.ts';

const COMMIT = { kind: 'commit' };
const LATE = { kind: 'refuse', code: 'DEADLINE_PASSED' };

const earlier = { idempotencyKey: 'order-1/0', fingerprint: 'R-1 VISA-2526', ticketId: 'T-1' };
const create = (rest: Partial<CreateSituation>): CreateSituation => ({
  guarantee: 'deadline',
  nowMs: 10_000,
  deadlineMs: 11_000,
  idempotencyKey: 'order-1/0',
  fingerprint: 'R-1 VISA-2526',
  committed: [],
  ...rest,
});
const withoutDeadline = ({ deadlineMs: _, ...rest }: CreateSituation): CreateSituation => rest;
const withoutKey = ({ idempotencyKey: _, ...rest }: CreateSituation): CreateSituation => rest;

describe('a create at a service without a guarantee', () => {
  it('commits, however late it is and whatever has been committed before', () => {
    const late = create({ guarantee: 'none', nowMs: 99_000, committed: [earlier] });
    expect(decideCommit(late)).toEqual(COMMIT);
    expect(decideCommit(withoutDeadline(late))).toEqual(COMMIT);
    expect(decideCommit({ ...late, fingerprint: 'R-1 VISA-9999' })).toEqual(COMMIT);
  });
});

describe.each(['deadline', 'idempotency-key'] as const)('a create at a service that guarantees %s', (guarantee) => {
  it('commits up to its deadline, to the millisecond, and never after', () => {
    expect(decideCommit(create({ guarantee, nowMs: 10_999 }))).toEqual(COMMIT);
    expect(decideCommit(create({ guarantee, nowMs: 11_000 }))).toEqual(COMMIT);
    expect(decideCommit(create({ guarantee, nowMs: 11_001 }))).toEqual(LATE);
  });

  it('never commits without a deadline', () => {
    expect(decideCommit(withoutDeadline(create({ guarantee })))).toEqual(LATE);
  });
});

describe('a create at a service that guarantees idempotency keys', () => {
  const keyed = (rest: Partial<CreateSituation> = {}) =>
    create({
      guarantee: 'idempotency-key',
      committed: [{ ...earlier, idempotencyKey: 'x', ticketId: 'X' }, earlier],
      ...rest,
    });

  it('gets the ticket that was created with this key, even after its deadline', () => {
    expect(decideCommit(keyed())).toEqual({ kind: 'replay', ticketId: 'T-1' });
    expect(decideCommit(keyed({ nowMs: 99_000 }))).toEqual({ kind: 'replay', ticketId: 'T-1' });
  });

  it('is refused if its key was used for another request', () => {
    const reused = { kind: 'refuse', code: 'IDEMPOTENCY_KEY_REUSED' };
    expect(decideCommit(keyed({ fingerprint: 'R-1 VISA-9999' }))).toEqual(reused);
    expect(decideCommit(keyed({ fingerprint: 'R-1 VISA-9999', nowMs: 99_000 }))).toEqual(reused);
  });

  it('commits if its key is new and it is in time, whatever other keys have created', () => {
    expect(decideCommit(keyed({ idempotencyKey: 'order-1/1' }))).toEqual(COMMIT);
    expect(decideCommit(keyed({ idempotencyKey: 'order-1/1', nowMs: 11_001 }))).toEqual(LATE);
  });

  it('does not get the ticket of another create if it has no key', () => {
    expect(decideCommit(withoutKey(keyed()))).toEqual(COMMIT);
  });

  it('creates another ticket if only the deadline is guaranteed', () => {
    expect(decideCommit(create({ guarantee: 'deadline', committed: [earlier] }))).toEqual(COMMIT);
  });
});

const ticket = (ticketId: string, voided = false) => ({ ticketId, createdAtMs: 0, voided });
const voiding = (rest: Partial<VoidSituation>): VoidSituation => ({
  nowMs: 10_000,
  tickets: [ticket('A'), ticket('B'), ticket('C', true)],
  ticketId: 'B',
  keep: 'A',
  ...rest,
});
const VOID = { kind: 'void' };
const NO_KEEPER = { kind: 'refuse', code: 'KEEPER_NOT_LIVE' };

describe('a void that names its keeper', () => {
  it('voids a surplus ticket while the keeper is live, and needs no deadline', () => {
    expect(decideVoid(voiding({}))).toEqual(VOID);
    expect(decideVoid(voiding({ nowMs: 99_000, deadlineMs: 11_000 }))).toEqual(VOID);
  });

  it.each([
    ['is voided', 'C'],
    ['does not exist', 'X'],
    ['is the ticket to be voided', 'B'],
  ])('is refused when the keeper %s', (_, keep) => {
    expect(decideVoid(voiding({ keep }))).toEqual(NO_KEEPER);
  });

  it('and another void that names its ticket as keeper never void both tickets', () => {
    expect(decideVoid(voiding({ ticketId: 'B', keep: 'A' }))).toEqual(VOID);
    const afterFirst = [ticket('A'), ticket('B', true)];
    expect(decideVoid(voiding({ tickets: afterFirst, ticketId: 'A', keep: 'B' }))).toEqual(NO_KEEPER);
  });
});

describe('a void without a keeper, from a cancellation', () => {
  const cancelling = (rest: Partial<VoidSituation>) => decideVoid(voiding({ keep: null, deadlineMs: 11_000, ...rest }));

  it('voids the ticket up to its deadline, to the millisecond, and never after', () => {
    expect(cancelling({ nowMs: 11_000 })).toEqual(VOID);
    expect(cancelling({ nowMs: 11_001 })).toEqual(LATE);
  });

  it('is refused without a deadline, because it could affect a later run', () => {
    expect(decideVoid(voiding({ keep: null }))).toEqual(LATE);
  });
});

describe('any void', () => {
  it.each(['A', null])('has the same result when it is repeated, keeper %s', (keep) => {
    const again = { ticketId: 'C', keep, nowMs: 99_000 };
    expect(decideVoid(voiding(again))).toEqual({ kind: 'already voided' });
    expect(decideVoid(voiding({ ...again, tickets: [ticket('C', true)] }))).toEqual({ kind: 'already voided' });
  });

  it.each(['A', null])('of a ticket that does not exist is refused, keeper %s', (keep) => {
    const unknown = { kind: 'refuse', code: 'TICKET_UNKNOWN' };
    expect(decideVoid(voiding({ ticketId: 'X', keep, deadlineMs: 11_000 }))).toEqual(unknown);
  });
});
