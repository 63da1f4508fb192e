import { setTimeout as pause } from 'node:timers/promises';
import type { Guarantee } from 'exactly-one';
import type { CreateCall } from 'exactly-one/activities';
import type { Carrier } from './carrier.ts';

/** What the experiments found. They can refute a guarantee but not prove it, so ask the service's owner as well. */
interface Findings {
  /** The strongest guarantee that was not refuted. */
  readonly guarantee: Guarantee;
  /** The same key gave the same label. */
  readonly keepsKeys: boolean;
  /** No label was made after the deadline of its create. */
  readonly keepsDeadlines: boolean;
}

/** How many creates are sent with deadlines that pass while the creates are in flight. */
const CREATES = 40;
/** The time from the first of these deadlines to the last: about as long as a create can be in flight. */
const DEADLINES_WITHIN_MS = 2_000;
/** After this time no create should be in flight any more. */
const SETTLE_MS = 1_000;
/** How far the carrier's clock may be wrong. */
const CLOCK_SKEW_MS = 100;
const TIMEOUT_MS = 30_000;

/**
 * Sends creates that a service with a guarantee must not commit, and checks which labels exist in the end.
 * @param newParcelId returns an unused parcel id; labels are really printed for it
 */
export async function findGuarantee(carrier: Carrier, newParcelId: () => string): Promise<Findings> {
  const create = (orderId: string, deadlineMs: number) => carrier.create({}, callFor(orderId, deadlineMs));
  const labelsOf = async (orderId: string) => (await carrier.list({}, callFor(orderId, Date.now()))).items;

  const parcelId = newParcelId();
  const sendAgain = () => create(parcelId, Date.now() + TIMEOUT_MS);
  await Promise.all([sendAgain(), sendAgain()]);
  await sendAgain();

  const creates = Array.from({ length: CREATES }, (_, index) => {
    // The first deadlines have passed before their creates are sent.
    const deadlineMs = Date.now() + Math.round((index / CREATES - 0.1) * DEADLINES_WITHIN_MS);
    return { parcelId: newParcelId(), deadlineMs };
  });
  await Promise.all(creates.map((each) => create(each.parcelId, each.deadlineMs)));
  await pause(SETTLE_MS);

  const keepsKeys = (await labelsOf(parcelId)).length === 1;
  const late = await Promise.all(
    creates.map(async (each) =>
      (await labelsOf(each.parcelId)).some(({ createdAtMs }) => createdAtMs > each.deadlineMs + CLOCK_SKEW_MS),
    ),
  );
  const keepsDeadlines = !late.includes(true);
  const guarantee = keepsDeadlines ? (keepsKeys ? 'idempotency-key' : 'deadline') : 'none';
  return { guarantee, keepsKeys, keepsDeadlines };
}

/** A call that is sent whatever its deadline. */
function callFor(orderId: string, deadlineMs: number): CreateCall {
  return {
    ...{ orderId, deadlineMs, requestId: `${orderId}/${deadlineMs}`, idempotencyKey: `${orderId}/0` },
    guarantee: 'none',
    timeoutMs: TIMEOUT_MS,
    mayStillBeSent: () => true,
    signal: new AbortController().signal,
  };
}
