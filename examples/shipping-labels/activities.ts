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
import type { Carrier } from './carrier.ts';

/** With these codes the carrier says that it has printed no label, and that asking again is of no use. */
const REFUSALS = ['ADDRESS_UNKNOWN', 'PARCEL_TOO_HEAVY'];

export type LabelActivities = ReturnType<typeof createActivities>;

/** The three functions as activities: what the protocol asks of each of them is added here. */
export function createActivities(carrier: Carrier) {
  return {
    /** One create, at most, and never after its deadline; its outcome is a result, so that nobody retries it. */
    async createLabel(
      create: { parcelId: string; deadlineMs: number; key: string } & Pick<Timings, 'createDeadlineMs'>,
    ): Promise<CreateOutcome> {
      const timeoutMs = timeLeftToSendMs({ ...create, nowMs: Date.now(), elapsedMs: 0 });
      if (timeoutMs <= 0) return { kind: 'not sent', reason: 'its deadline was over before it was sent' };
      const exchange = await carrier.createLabel(create, { timeoutMs, signal: cancellationSignal() });
      return classifyOutcome(exchange, { orderId: create.parcelId }, REFUSALS);
    },

    /** Which labels there are, from a whole and fresh answer. Temporal retries whatever else comes, for ever. */
    async listLabels(list: { parcelId: string; seen: SeenItems } & Pick<Timings, 'clockSkewMs'>): Promise<ItemList> {
      const { parcelId, seen, clockSkewMs } = list;
      const requestedAtMs = Date.now();
      const listed = await carrier.listLabels(parcelId, {
        timeoutMs: activityInfo().startToCloseTimeoutMs - 1_000,
        signal: cancellationSignal(),
      });
      const answer = readCompleteResponse(
        { kind: 'list', ...listed },
        { orderId: parcelId, seen, requestedAtMs, receivedAtMs: Date.now(), clockSkewMs },
      );
      if ('problem' in answer) throw new Error(`the labels of ${parcelId} are no answer: ${answer.problem}`);
      return answer.list;
    },

    /** Safe to repeat, so Temporal does; each attempt has a deadline of its own. */
    async voidLabel(
      voiding: { parcelId: string; trackingNumber: string; keep: string | null } & Pick<Timings, 'createDeadlineMs'>,
    ): Promise<VoidResult> {
      const { createDeadlineMs } = voiding;
      const deadlineMs = voidDeadline(activityInfo().currentAttemptScheduledTimestampMs, createDeadlineMs);
      const timeoutMs = timeLeftToSendMs({ nowMs: Date.now(), deadlineMs, elapsedMs: 0, createDeadlineMs });
      if (timeoutMs <= 0) throw new Error('the deadline of this void was over before it was sent');
      return carrier.voidLabel({ ...voiding, deadlineMs }, { timeoutMs, signal: cancellationSignal() });
    },
  };
}
