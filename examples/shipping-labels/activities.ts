import { activityInfo, cancellationSignal } from '@temporalio/activity';
import {
  type CreateOutcome,
  classifyOutcome,
  type ItemList,
  readCompleteResponse,
  type SeenItems,
  type Timings,
  timeLeftToSendMs,
  type VoidResult,
  voidDeadline,
} from 'exactly-one';
import type { Call, Carrier } from './carrier.ts';

/** Codes with which the carrier says that it has printed no label and that another attempt would fail as well. */
const REFUSALS = ['ADDRESS_UNKNOWN', 'PARCEL_TOO_HEAVY'];

export type LabelActivities = ReturnType<typeof createActivities>;

/** The three functions as activities, with what the protocol requires of each. */
export function createActivities(carrier: Carrier) {
  return {
    /** Sends one create at most, never after its deadline. Every outcome is a result, so Temporal never retries it. */
    async createLabel(
      create: { parcelId: string; deadlineMs: number; key: string } & Pick<Timings, 'createDeadlineMs'>,
    ): Promise<CreateOutcome> {
      const exchange = await carrier.createLabel(create, callUntil(create));
      return classifyOutcome(exchange, { orderId: create.parcelId }, REFUSALS);
    },

    /** The labels that exist, from a complete and fresh response. Temporal retries for ever until there is one. */
    async listLabels(list: { parcelId: string; seen: SeenItems } & Pick<Timings, 'clockSkewMs'>): Promise<ItemList> {
      const { parcelId, seen, clockSkewMs } = list;
      const requestedAtMs = Date.now();
      const listed = await carrier.listLabels(parcelId, {
        timeoutMs: activityInfo().startToCloseTimeoutMs - 1_000,
        signal: cancellationSignal(),
      });
      const response = readCompleteResponse(
        { kind: 'list', ...listed },
        { orderId: parcelId, seen, requestedAtMs, receivedAtMs: Date.now(), clockSkewMs },
      );
      if ('problem' in response) throw new Error(`not a complete response about ${parcelId}: ${response.problem}`);
      return response.list;
    },

    /** Safe to repeat, so Temporal retries it. Each attempt has its own deadline. */
    async voidLabel(
      voiding: { parcelId: string; trackingNumber: string; keep: string | null } & Pick<Timings, 'createDeadlineMs'>,
    ): Promise<VoidResult> {
      const { createDeadlineMs } = voiding;
      const deadlineMs = voidDeadline(activityInfo().currentAttemptScheduledTimestampMs, createDeadlineMs);
      return carrier.voidLabel({ ...voiding, deadlineMs }, callUntil({ deadlineMs, createDeadlineMs }));
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
