import { ApplicationFailure, activityInfo, cancellationSignal } from '@temporalio/activity';
import {
  classifyOutcome,
  type ItemList,
  readCompleteResponse,
  timeLeftToSendMs,
  type VoidResult,
  voidDeadline,
} from 'exactly-one';
import { refusal } from 'exactly-one/activities';
import {
  type CreateActivityRequest,
  type CreatedItem,
  failures,
  type ListActivityRequest,
  type VoidActivityRequest,
} from 'exactly-one/contract';
import type { Call, Carrier } from './carrier.ts';

/** Codes with which the carrier says that it has printed no label and that another attempt would fail as well. */
const REFUSALS = ['ADDRESS_UNKNOWN', 'PARCEL_TOO_HEAVY'];

export type LabelActivities = ReturnType<typeof createActivities>;

/** The three functions as activities, with what the protocol requires of each. */
export function createActivities(carrier: Carrier) {
  return {
    /** Sends one create at most, never after its deadline, and is never retried. */
    async createLabel(_: unknown, create: CreateActivityRequest): Promise<CreatedItem> {
      const { orderId: parcelId, deadlineMs, idempotencyKey: key } = create;
      const exchange = await carrier.createLabel({ parcelId, deadlineMs, key }, callUntil(create));
      const outcome = classifyOutcome(exchange, { orderId: parcelId }, REFUSALS);
      if (outcome.kind === 'committed') return { itemId: outcome.itemId };
      const { reason } = outcome;
      if (outcome.kind === 'rejected') throw refusal(reason, failures.createRejected, { reason, code: outcome.code });
      const type = outcome.kind === 'not sent' ? failures.createNotSent : failures.createOutcomeUnknown;
      throw ApplicationFailure.nonRetryable(reason, type, { reason });
    },

    /** The labels that exist, from a complete and fresh response. Temporal retries for ever until there is one. */
    async listLabels(_: unknown, { orderId, seen, clockSkewMs }: ListActivityRequest): Promise<ItemList> {
      const requestedAtMs = Date.now();
      const listed = await carrier.listLabels(orderId, {
        timeoutMs: activityInfo().startToCloseTimeoutMs - 1_000,
        signal: cancellationSignal(),
      });
      const response = readCompleteResponse(
        { kind: 'list', ...listed },
        { orderId, seen, requestedAtMs, receivedAtMs: Date.now(), clockSkewMs },
      );
      if ('problem' in response) throw new Error(`not a complete response about ${orderId}: ${response.problem}`);
      return response.list;
    },

    /** Safe to repeat, so Temporal retries it. Each attempt has its own deadline. */
    async voidLabel(_: unknown, request: VoidActivityRequest): Promise<VoidResult> {
      const { orderId: parcelId, itemId: trackingNumber, keep, createDeadlineMs } = request;
      const deadlineMs = voidDeadline(activityInfo().currentAttemptScheduledTimestampMs, createDeadlineMs);
      const call = callUntil({ deadlineMs, createDeadlineMs });
      return carrier.voidLabel({ parcelId, trackingNumber, keep, deadlineMs }, call);
    },
  };
}

/** A call that takes and sends nothing after a deadline, by the wall clock or by a monotonic clock from now on. */
function callUntil(limits: { deadlineMs: number; createDeadlineMs: number }): Call {
  const startedAtMs = performance.now();
  const timeLeftMs = () =>
    timeLeftToSendMs({ ...limits, nowMs: Date.now(), elapsedMs: performance.now() - startedAtMs });
  return { timeoutMs: timeLeftMs(), mayStillBeSent: () => timeLeftMs() > 0, signal: cancellationSignal() };
}
