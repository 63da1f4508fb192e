import type { Call, OrderFunctions } from 'exactly-one/activities';
import { httpOutcomes, requestJson, sendRequest } from 'exactly-one/http';

/** The carrier needs nothing of a parcel but its id, which is the order id. */
export type Carrier = OrderFunctions<unknown>;

/** A shipping label as the carrier shows it. It is what the library calls an item. */
interface Label {
  readonly parcelId: string;
  readonly trackingNumber: string;
  readonly createdAt: string;
  readonly voided: boolean;
}

/**
 * The three functions, for a carrier that prints shipping labels. The library checks what they return.
 * @param baseUrl without a trailing slash
 */
export function createCarrier(baseUrl: string): Carrier {
  const labelsOf = ({ orderId }: Call) => `${baseUrl}/parcels/${encodeURIComponent(orderId)}/labels`;
  return {
    create(_parcel, call) {
      const headers = { 'request-deadline': String(call.deadlineMs), 'idempotency-key': call.idempotencyKey };
      return sendRequest({ method: 'POST', url: labelsOf(call), headers, ...call });
    },

    async list(_parcel, call) {
      const { labels, asOf } = await requestJson({ method: 'GET', url: labelsOf(call), ...call });
      return { items: labels.map(itemOf), asOfMs: Date.parse(asOf) };
    },

    async void(_parcel, trackingNumber, _keep, call) {
      const url = `${labelsOf(call)}/${encodeURIComponent(trackingNumber)}/void`;
      const headers = call.deadlineMs === undefined ? {} : { 'request-deadline': String(call.deadlineMs) };
      return itemOf(await requestJson({ method: 'POST', url, headers, ...call }));
    },

    // The carrier knows no keeper.
    listBeforeVoid: true,

    outcomes: httpOutcomes({
      // With these codes it says that it has printed no label and that another attempt would fail as well.
      rejecting: ['ADDRESS_UNKNOWN', 'PARCEL_TOO_HEAVY'],
      read: (body) => ({ item: itemOf(body), errorCode: body.code }),
    }),
  };
}

function itemOf({ parcelId, trackingNumber, createdAt, voided }: Label) {
  return { orderId: parcelId, itemId: trackingNumber, createdAtMs: Date.parse(createdAt), voided };
}
