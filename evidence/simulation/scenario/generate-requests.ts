import type { FaultMix } from './fault-mix.ts';
import {
  type CheckFault,
  type CreateResponse,
  NORMAL,
  type PlannedCheck,
  type PlannedCreate,
  type PlannedVoid,
  type ReportedTicket,
} from './planned-requests.ts';
import { coveredMs } from './scenario.ts';

export function generateCreate(mix: FaultMix): PlannedCreate {
  const { random, faultShare, delays, droppedHeaders, replays, guarantee } = mix;
  if (!random.chance(faultShare)) return NORMAL.create;
  const neverConnects = random.chance(0.08);
  const isReplayed = replays && guarantee === 'idempotency-key' && random.chance(0.5);
  const delay = (mostMs: number) => (delays && random.chance(0.3) ? random.between(0, mostMs) : random.between(0, 3));
  return {
    scheduledAfterMs: delay(1_500),
    startedAfterMs: delay(mix.timings.createDeadlineMs + 100),
    sentAfterMs: delay(random.pick([1_000, 4_000])),
    arrivesAfterMs: neverConnects || random.chance(0.25) ? undefined : drawArrivalMs(mix),
    ...(isReplayed ? { arrivesAgainAfterMs: random.between(0, 4_000) } : {}),
    respondsAfterMs: random.pick([random.between(1, 20), random.between(1, 1_500)]),
    response: neverConnects ? random.pick(NEVER_CONNECTED) : drawResponse(mix),
    ...(random.chance(0.1) ? { retryAfterMs: random.pick([50, 3_000, 3_600_000]) } : {}),
    ...drawAcceptance(mix),
    dropsDeadline: droppedHeaders && random.chance(0.3),
    ...(random.chance(0.04) ? { voidedAtOnce: true } : {}),
    ...(random.chance(0.04) ? { differentPayment: true } : {}),
    ...(delays && random.chance(0.1) ? { machineSleepsMs: random.between(100, 2_500) } : {}),
    ...(delays && random.chance(0.2)
      ? { heartbeatMissedAfterMs: random.between(0, mix.timings.createDeadlineMs) }
      : {}),
  };
}

/**
 * A time that the service states says nothing about when it finishes. A service with a guarantee keeps to its bound all
 * the same; without one it may finish as late as the late watch covers.
 */
function drawAcceptance({ random, guarantee, timings }: FaultMix): Pick<PlannedCreate, 'accepted'> {
  const { acceptWithinMs } = timings;
  if (acceptWithinMs === undefined || random.chance(0.4)) return {};
  const upToBound = () => random.pick([random.between(0, 200), random.between(0, acceptWithinMs), acceptWithinMs]);
  const isLate = guarantee === 'none' && random.chance(0.3);
  const stated = random.chance(0.3) ? { statesReadyAfterMs: upToBound() } : {};
  return { accepted: { finishesAfterMs: upToBound() + (isLate ? coveredMs(timings) : 0), ...stated } };
}

/** At once, around the deadline, around the fence, or late. */
function drawArrivalMs({ random, lateCommits, guarantee, timings }: FaultMix): number {
  const { createDeadlineMs, clockSkewMs, settleMs } = timings;
  if (!lateCommits) return random.between(0, 300);
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

type NetworkError = CreateResponse & { kind: 'network error' };

const NEVER_CONNECTED: readonly [NetworkError, ...NetworkError[]] = [
  { kind: 'network error', connected: false, errorCodes: ['ECONNREFUSED'] },
  { kind: 'network error', connected: false, errorCodes: ['ENOTFOUND'] },
  { kind: 'network error', connected: false, errorCodes: ['EAI_AGAIN'] },
  { kind: 'network error', connected: false, errorCodes: ['ECONNREFUSED', 'ECONNREFUSED'] },
];
const MAY_HAVE_CONNECTED: typeof NEVER_CONNECTED = [
  { kind: 'network error', connected: true, errorCodes: ['ECONNRESET'] },
  { kind: 'network error', connected: true, errorCodes: ['ECONNREFUSED'] },
  { kind: 'network error', connected: true, errorCodes: [] },
  { kind: 'network error', connected: false, errorCodes: ['ETIMEDOUT'] },
  { kind: 'network error', connected: false, errorCodes: ['ECONNREFUSED', 'ETIMEDOUT'] },
  { kind: 'network error', connected: false, errorCodes: [] },
];
const STATUSES: readonly [number, ...number[]] = [
  100, 200, 202, 302, 400, 401, 403, 404, 408, 409, 422, 422, 429, 500, 502, 503,
];
const ERROR_CODES: readonly [string, ...string[]] = [
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
const REPORTED_TICKETS: readonly [ReportedTicket, ...ReportedTicket[]] = [
  'newest live',
  'of another order',
  'of another reservation',
  'voided',
  'first of the order',
  'never created',
];

function drawResponse({ random, wrongResponses }: FaultMix): CreateResponse {
  if (random.chance(0.35)) return { kind: 'actual' };
  if (random.chance(0.3)) return { kind: 'worker crash' };
  if (!wrongResponses || random.chance(0.4)) return random.pick(MAY_HAVE_CONNECTED);
  if (random.chance(0.4)) return { kind: 'fabricated', status: 201, ticket: random.pick(REPORTED_TICKETS) };
  if (random.chance(0.3)) return { kind: 'fabricated', status: 422, errorCode: 'PAYMENT_DECLINED' };
  if (random.chance(0.05)) return { kind: 'fabricated', status: random.pick([202, 202, 200, 201]), isOperation: true };
  if (random.chance(0.1)) {
    return { kind: 'fabricated', status: random.pick([200, 201, 202]), errorCode: 'INTERNAL_ERROR' };
  }
  const status = random.pick(STATUSES);
  const ticket = status === 200 ? { ticket: random.pick(REPORTED_TICKETS) } : {};
  const errorCode = random.chance(0.15) ? {} : { errorCode: random.pick(ERROR_CODES) };
  return { kind: 'fabricated', status, ...ticket, ...errorCode };
}

const CHECK_FAULTS: readonly [CheckFault, ...CheckFault[]] = [
  'error',
  'lost',
  'includes another order',
  'includes another reservation',
  'omits a ticket seen before',
  'omits a ticket seen before',
  'shows a voided ticket as live',
  'shows a voided ticket as live',
  'lists a ticket as live and voided',
  'lists every ticket twice',
  'from the future',
  'invalid time',
];

export function generateCheck({
  random,
  faultShare,
  wrongResponses,
  staleReads,
  delays,
  timings,
}: FaultMix): PlannedCheck {
  const hasFault = random.chance(faultShare);
  const { clockSkewMs } = timings;
  const delay = (share: number, mostMs: number, usuallyMs: number) =>
    random.between(0, delays && random.chance(share) ? mostMs : usuallyMs);
  return {
    arrivesAfterMs: delay(0.4, 400, 5),
    respondsAfterMs: delay(0.4, 400, 5),
    staleMs:
      staleReads && hasFault ? random.pick([random.between(0, clockSkewMs), random.between(0, 5_000), clockSkewMs]) : 0,
    ...(wrongResponses && hasFault ? { fault: random.pick(CHECK_FAULTS) } : {}),
    deliveredAfterMs: delay(0.3, 1_500, 3),
  };
}

export function generateVoid({ random, faultShare, guarantee, replays, droppedHeaders }: FaultMix): PlannedVoid {
  if (!random.chance(faultShare)) return NORMAL.void;
  const isReplayed = replays && guarantee === 'idempotency-key' && random.chance(0.4);
  return {
    arrivesAfterMs: random.chance(0.15) ? undefined : random.pick([random.between(1, 50), random.between(1, 3_000)]),
    respondsAfterMs: random.between(1, 300),
    ...(isReplayed ? { arrivesAgainAfterMs: random.between(1, 3_000) } : {}),
    response: random.pick(['actual', 'actual', 'error', 'success without effect']),
    dropsDeadline: droppedHeaders && random.chance(0.3),
    keeperVoidedFirst: random.chance(0.2),
  };
}
