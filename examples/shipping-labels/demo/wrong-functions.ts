import type { Carrier } from '../carrier.ts';

/** The three functions, each time with a common mistake in one of them. */
const WRONG_FUNCTIONS = {
  'create-again': (right: Carrier): Carrier => ({
    ...right,
    // Like an HTTP client that retries by itself.
    async create(parcel, call) {
      const exchange = await right.create(parcel, { ...call, timeoutMs: 500 });
      return exchange.kind === 'response' ? exchange : right.create(parcel, call);
    },
  }),
  'list-as-of-arrival': (right: Carrier): Carrier => ({
    ...right,
    list: async (...args) => ({ ...(await right.list(...args)), asOfMs: Date.now() }),
  }),
  'list-error-is-empty': (right: Carrier): Carrier => ({
    ...right,
    list: (...args) => right.list(...args).catch(() => ({ items: [], asOfMs: Date.now() })),
  }),
} as const;

/** A carrier whose functions are wrong for the parcels whose ids end with the name of a mistake. */
export function wrongForSome(right: Carrier): Carrier {
  const carrierFor = (parcelId: string): Carrier => {
    const wrong = Object.entries(WRONG_FUNCTIONS).find(([name]) => parcelId.endsWith(name));
    return wrong === undefined ? right : wrong[1](right);
  };
  return {
    ...right,
    create: (parcel, call) => carrierFor(call.orderId).create(parcel, call),
    list: (parcel, call) => carrierFor(call.orderId).list(parcel, call),
  };
}
