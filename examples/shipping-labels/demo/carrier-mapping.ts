import type { ServiceMapping, StoredItem } from 'exactly-one/testing';

/** How the carrier's routes and bodies map to the operations of the test kit. */
export const CARRIER: ServiceMapping = {
  operationOf({ method, url, headers }) {
    const [, parcels, parcelId, labels, trackingNumber, action] = url.pathname.split('/').map(decodeURIComponent);
    if (parcels !== 'parcels' || parcelId === undefined || labels !== 'labels') return undefined;
    const deadline = headers['request-deadline'];
    const deadlineMs = deadline === undefined ? undefined : Number(deadline);
    if (trackingNumber === undefined) {
      if (method === 'GET') return { kind: 'list', orderId: parcelId };
      const key = headers['idempotency-key']?.toString();
      return method === 'POST' ? { kind: 'create', orderId: parcelId, key, deadlineMs } : undefined;
    }
    const isVoid = method === 'POST' && action === 'void';
    return isVoid ? { kind: 'void', orderId: parcelId, itemId: trackingNumber, deadlineMs } : undefined;
  },
  responseTo(result) {
    switch (result.kind) {
      case 'created':
        return { status: 201, body: labelOf(result.item) };
      case 'voided':
        return { status: 200, body: labelOf(result.item) };
      case 'listed':
        return { status: 200, body: { labels: result.items.map(labelOf), asOf: iso(result.asOfMs) } };
      case 'refused':
        return result.why === 'rejected'
          ? { status: 422, body: { error: 'there is no such address', code: 'ADDRESS_UNKNOWN' } }
          : { status: 409, body: { error: result.why, code: 'REFUSED' } };
    }
  },
};

function labelOf({ orderId, itemId, createdAtMs, voided }: StoredItem) {
  return { parcelId: orderId, trackingNumber: itemId, createdAt: iso(createdAtMs), voided };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
