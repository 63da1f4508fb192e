import type { Troubles } from './fault-mix.ts';
import { type CreateReply, coveredMs, type PlannedCreate, type ReportedTicket, WELL } from './scenario.ts';

const CODES: readonly [string, ...string[]] = [
  'INVALID_REQUEST',
  'FORBIDDEN',
  'RESERVATION_UNKNOWN',
  'PAYMENT_DECLINED',
  'UNAUTHORIZED',
  'NOT_FOUND',
  'DEADLINE_PASSED',
  'IDEMPOTENCY_KEY_IN_FLIGHT',
  'IDEMPOTENCY_KEY_REUSED',
  'INTERNAL_ERROR',
];
const STATUSES: readonly [number, ...number[]] = [
  100, 200, 202, 302, 400, 401, 403, 404, 408, 409, 422, 422, 429, 500, 502, 503,
];
const TOLD: readonly [ReportedTicket, ...ReportedTicket[]] = [
  'the one made',
  'of another order',
  'of another reservation',
  'voided',
  'there before',
  'never made',
];
const SILENCES: readonly [CreateReply & { kind: 'silence' }, ...(CreateReply & { kind: 'silence' })[]] = [
  { kind: 'silence', connected: true, errorCodes: ['ECONNRESET'] },
  { kind: 'silence', connected: true, errorCodes: ['ECONNREFUSED'] },
  { kind: 'silence', connected: true, errorCodes: [] },
  { kind: 'silence', connected: false, errorCodes: ['ETIMEDOUT'] },
  { kind: 'silence', connected: false, errorCodes: ['ECONNREFUSED', 'ETIMEDOUT'] },
  { kind: 'silence', connected: false, errorCodes: [] },
];
const NEVER_CONNECTED: typeof SILENCES = [
  { kind: 'silence', connected: false, errorCodes: ['ECONNREFUSED'] },
  { kind: 'silence', connected: false, errorCodes: ['ENOTFOUND'] },
  { kind: 'silence', connected: false, errorCodes: ['EAI_AGAIN'] },
  { kind: 'silence', connected: false, errorCodes: ['ECONNREFUSED', 'ECONNREFUSED'] },
];

/** What becomes of one create. */
export function generateCreate(troubles: Troubles): PlannedCreate {
  const { random, share, delays, headersLost, duplicates, guarantee } = troubles;
  if (!random.chance(share)) return WELL.create;
  const neverConnects = random.chance(0.08);
  const isReplayed = duplicates && guarantee === 'idempotency-key' && random.chance(0.5);
  const slow = (mostMs: number) => (delays && random.chance(0.3) ? random.between(0, mostMs) : random.between(0, 3));
  return {
    scheduledAfterMs: slow(1_500),
    takenAfterMs: slow(troubles.timings.createDeadlineMs + 100),
    sentAfterMs: slow(random.pick([1_000, 4_000])),
    arrivesAfterMs: neverConnects || random.chance(0.25) ? undefined : arrival(troubles),
    ...(isReplayed ? { arrivesAgainAfterMs: random.between(0, 4_000) } : {}),
    repliesAfterMs: random.pick([random.between(1, 20), random.between(1, 1_500)]),
    reply: neverConnects ? random.pick(NEVER_CONNECTED) : reply(troubles),
    ...(random.chance(0.1) ? { retryAfterMs: random.pick([50, 3_000, 3_600_000]) } : {}),
    losesDeadline: headersLost && random.chance(0.3),
    ...(random.chance(0.04) ? { goneAtOnce: true } : {}),
    ...(random.chance(0.04) ? { otherPayment: true } : {}),
    ...(delays && random.chance(0.1) ? { sleepsMs: random.between(100, 2_500) } : {}),
  };
}

/** From the send until the service decides: at once, around the deadline, around the fence, or late. */
function arrival({ random, late, guarantee, timings }: Troubles): number {
  const { createDeadlineMs, clockSkewMs, settleMs } = timings;
  if (!late) return random.between(0, 300);
  const around = (ms: number) => Math.max(0, ms + random.between(-2 * clockSkewMs, 3 * clockSkewMs));
  return random.pick([
    random.between(0, createDeadlineMs),
    around(createDeadlineMs),
    around(createDeadlineMs + (guarantee === 'none' ? settleMs : 0)),
    around(createDeadlineMs + settleMs),
    random.between(0, coveredMs(timings)),
    coveredMs(timings) - random.between(0, 200),
    20_000,
  ]);
}

function reply({ random, lies }: Troubles): CreateReply {
  if (random.chance(0.35)) return { kind: 'truth' };
  if (random.chance(0.3)) return { kind: 'worker dies' };
  if (!lies || random.chance(0.4)) return random.pick(SILENCES);
  if (random.chance(0.4)) return { kind: 'response', status: 201, ticket: random.pick(TOLD) };
  if (random.chance(0.3)) return { kind: 'response', status: 422, errorCode: 'PAYMENT_DECLINED' };
  if (random.chance(0.1))
    return { kind: 'response', status: random.pick([200, 201, 202]), errorCode: 'INTERNAL_ERROR' };
  const status = random.pick(STATUSES);
  const answer = { kind: 'response', status, ...(status === 200 ? { ticket: random.pick(TOLD) } : {}) } as const;
  return random.chance(0.15) ? answer : { ...answer, errorCode: random.pick(CODES) };
}
