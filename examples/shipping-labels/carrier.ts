import { NotSent, type OrderFunctions } from 'exactly-one/activities';
import { isBoolean, isForeignId, isListOf, isRecordOf, isText } from 'exactly-one/contract';
import { type Exchange, type HttpExchange, httpOutcomes, sendRequest } from 'exactly-one/http';

/** The carrier needs nothing of a parcel but its id, which is the order id. */
export type Carrier = OrderFunctions<unknown> & { readonly void: NonNullable<OrderFunctions<unknown>['void']> };

interface Label {
  readonly parcelId: string;
  readonly trackingNumber: string;
  readonly createdAt: string;
  readonly voided: boolean;
}
const isLabel = isRecordOf<Label>({
  parcelId: isText,
  trackingNumber: isForeignId,
  createdAt: isText,
  voided: isBoolean,
});
const isLabelList = isRecordOf<{ labels: readonly Label[]; asOf: string }>({ labels: isListOf(isLabel), asOf: isText });
const isError = isRecordOf<{ code: string }>({ code: isText });

/** Codes with which the carrier says that it has printed no label and that another attempt would fail as well. */
const OUTCOMES = httpOutcomes({ rejecting: ['ADDRESS_UNKNOWN', 'PARCEL_TOO_HEAVY'] });

/**
 * The three functions, for a carrier that prints shipping labels. A label is what the protocol calls an item.
 * @param baseUrl without a trailing slash
 */
export function createCarrier(baseUrl: string): Carrier {
  const labelsOf = (parcelId: string) => `${baseUrl}/parcels/${encodeURIComponent(parcelId)}/labels`;

  const list: Carrier['list'] = async (_parcel, call) => {
    const exchange = await sendRequest({ method: 'GET', url: labelsOf(call.orderId), ...call });
    const { labels, asOf } = bodyOf(exchange, isLabelList);
    const items = labels.map(({ parcelId, trackingNumber, createdAt, voided }) => ({
      ...{ orderId: parcelId, itemId: trackingNumber, voided },
      createdAtMs: Date.parse(createdAt),
    }));
    return { items, asOfMs: Date.parse(asOf) };
  };

  return {
    list,
    outcomes: OUTCOMES,

    async create(_parcel, call): Promise<HttpExchange> {
      const headers = { 'request-deadline': String(call.deadlineMs), 'idempotency-key': call.idempotencyKey };
      const exchange = await sendRequest({ method: 'POST', url: labelsOf(call.orderId), headers, ...call });
      if (exchange.kind !== 'response') return exchange;
      const body = jsonOf(exchange);
      return {
        ...{ kind: 'response', status: exchange.status },
        item: isLabel(body) ? { orderId: body.parcelId, itemId: body.trackingNumber } : undefined,
        errorCode: isError(body) ? body.code : undefined,
      };
    },

    async void(parcel, trackingNumber, keep, call) {
      // The carrier itself knows no keeper, so check here. That suffices while nobody else voids labels.
      const { items } = await list(parcel, call);
      const isLive = (id: string) => items.some(({ itemId, voided }) => itemId === id && !voided);
      if (keep !== null && !isLive(keep)) return 'keeper-not-live';
      const url = `${labelsOf(call.orderId)}/${encodeURIComponent(trackingNumber)}/void`;
      const headers = call.deadlineMs === undefined ? {} : { 'request-deadline': String(call.deadlineMs) };
      const label = bodyOf(await sendRequest({ method: 'POST', url, headers, ...call }), isLabel);
      if (label.trackingNumber === trackingNumber && label.voided) return 'voided';
      throw new Error(`the response to voiding ${trackingNumber} does not show that label as voided`);
    },
  };
}

/** @throws unless it is a response with status 200 and a body of this form */
function bodyOf<Body>(exchange: Exchange, isValid: (body: unknown) => body is Body): Body {
  if (exchange.kind === 'no response') throw exchange.error;
  if (exchange.kind === 'not sent') throw new NotSent(exchange.reason);
  const body = jsonOf(exchange);
  if (exchange.status === 200 && isValid(body)) return body;
  throw new Error(`the carrier responded with ${exchange.status}: ${exchange.body}`);
}

function jsonOf({ body }: Exchange & { kind: 'response' }): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
