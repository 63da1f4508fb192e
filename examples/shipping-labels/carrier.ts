import type { CreateExchange, ListedItem, VoidResult } from 'exactly-one';
import { Type } from 'typebox';
import { errorCodeOf, readJson, requestJson } from '../../src/clients/read-response.ts';
import { sendRequest } from '../../src/clients/send-request.ts';

const Label = Type.Object({
  parcelId: Type.String(),
  trackingNumber: Type.String({ minLength: 1 }),
  createdAt: Type.String({ format: 'date-time' }),
  voided: Type.Boolean(),
});
const LabelList = Type.Object({ labels: Type.Array(Label), asOf: Type.String({ format: 'date-time' }) });

/** How long a call may take, and a signal that aborts it. */
export interface Call {
  readonly timeoutMs: number;
  /** Asked immediately before a request is written: its deadline may have passed since the call. */
  readonly mayStillBeSent?: () => boolean;
  readonly signal?: AbortSignal;
}

/** The three functions, for a carrier that prints shipping labels. A label is what the protocol calls an item. */
export interface Carrier {
  /** Sends one create request and reports what was exchanged. It draws no conclusion and never throws. */
  createLabel(create: { parcelId: string; deadlineMs: number; key: string }, call: Call): Promise<CreateExchange>;
  /** All labels of a parcel, including voided ones, and the time of this list. Throws in all other cases. */
  listLabels(parcelId: string, call: Call): Promise<{ items: readonly ListedItem[]; asOfMs: number }>;
  /** Voids a label if `keep` is live. Null cancels the parcel: the void must not take effect after its deadline. */
  voidLabel(
    voiding: { parcelId: string; trackingNumber: string; keep: string | null; deadlineMs: number },
    call: Call,
  ): Promise<VoidResult>;
}

/** @param baseUrl without a trailing slash */
export function createCarrier(baseUrl: string): Carrier {
  const labelsOf = (parcelId: string) => `${baseUrl}/parcels/${encodeURIComponent(parcelId)}/labels`;

  const listLabels: Carrier['listLabels'] = async (parcelId, call) => {
    const { labels, asOf } = await requestJson({ method: 'GET', url: labelsOf(parcelId), ...call }, 200, LabelList);
    const items = labels.map((label) => ({
      orderId: label.parcelId,
      itemId: label.trackingNumber,
      createdAtMs: Date.parse(label.createdAt),
      voided: label.voided,
    }));
    return { items, asOfMs: Date.parse(asOf) };
  };

  return {
    listLabels,

    async createLabel({ parcelId, deadlineMs, key }, call) {
      const headers = { 'request-deadline': String(deadlineMs), 'idempotency-key': key };
      const exchange = await sendRequest({ method: 'POST', url: labelsOf(parcelId), headers, ...call });
      if (exchange.kind !== 'response') return exchange;
      const label = readJson(exchange, Label);
      const errorCode = errorCodeOf(exchange);
      return {
        kind: 'response',
        status: exchange.status,
        ...(label === undefined ? {} : { item: { orderId: label.parcelId, itemId: label.trackingNumber } }),
        ...(errorCode === undefined ? {} : { errorCode }),
      };
    },

    async voidLabel({ parcelId, trackingNumber, keep, deadlineMs }, call) {
      // The carrier itself knows no keeper, so check here. That suffices while nobody else voids labels.
      const { items } = await listLabels(parcelId, call);
      const isLive = (id: string) => items.some(({ itemId, voided }) => itemId === id && !voided);
      if (keep !== null && !isLive(keep)) return 'keeper-not-live';
      const url = `${labelsOf(parcelId)}/${encodeURIComponent(trackingNumber)}/void`;
      const headers = { 'request-deadline': String(deadlineMs) };
      const label = await requestJson({ method: 'POST', url, headers, ...call }, 200, Label);
      if (label.trackingNumber !== trackingNumber || !label.voided) {
        throw new Error(`the response to voiding ${trackingNumber} does not show that label as voided`);
      }
      return 'voided';
    },
  };
}
