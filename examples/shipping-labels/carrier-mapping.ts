import { httpService } from 'exactly-one/testing';

/** The carrier's routes and bodies, so that the test kit can take its place. */
export const CARRIER = httpService({
  create: 'POST /parcels/:orderId/labels',
  list: 'GET /parcels/:orderId/labels',
  void: 'POST /parcels/:orderId/labels/:itemId/void',
  item: ({ itemId, orderId, createdAtMs, voided }) => ({
    ...{ parcelId: orderId, trackingNumber: itemId, voided },
    createdAt: new Date(createdAtMs),
  }),
  items: (labels, { asOfMs }) => ({ labels, asOf: new Date(asOfMs) }),
  rejected: { code: 'ADDRESS_UNKNOWN' },
});
