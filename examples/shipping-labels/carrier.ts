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

/** How long one call may take, and what breaks it off. */
export interface Call {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** The three functions, for a carrier of parcels that prints shipping labels. A label is what the protocol calls a ticket. */
export interface Carrier {
  /** Sends one create, once, and reports what was exchanged; concludes nothing and never throws. */
  createLabel(create: { parcelId: string; deadlineMs: number; key: string }, call: Call): Promise<CreateExchange>;
  /** All labels of a parcel, voided ones too, and as of when. Throws whenever it has not got them: an error is no list. */
  listLabels(parcelId: string, call: Call): Promise<{ items: readonly ListedItem[]; asOfMs: number }>;
  /** Voids a label while `keep` is live; null: the parcel is cancelled, and the void must not act after its deadline. */
  voidLabel(
    voiding: { parcelId: string; trackingNumber: string; keep: string | null; deadlineMs: number },
    call: Call,
  ): Promise<VoidResult>;
}

/** @param baseUrl without a slash at the end */
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
      if (exchange.kind === 'no response') return exchange;
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
      // This carrier voids whatever it is told to, so this checks first: enough while nobody else voids.
      const { items } = await listLabels(parcelId, call);
      const isLive = (id: string) => items.some(({ itemId, voided }) => itemId === id && !voided);
      if (keep !== null && !isLive(keep)) return 'keeper-not-live';
      const url = `${labelsOf(parcelId)}/${encodeURIComponent(trackingNumber)}/void`;
      const headers = { 'request-deadline': String(deadlineMs) };
      const label = await requestJson({ method: 'POST', url, headers, ...call }, 200, Label);
      if (label.trackingNumber !== trackingNumber || !label.voided) {
        throw new Error(`asked to void label ${trackingNumber}, the answer is not that label, voided`);
      }
      return 'voided';
    },
  };
}
