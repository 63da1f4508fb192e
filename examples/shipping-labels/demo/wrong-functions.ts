import type { Carrier } from '../carrier.ts';

/** The three functions, each time with a common mistake in one of them. */
const WRONG_FUNCTIONS = {
  'create-again': (right: Carrier): Carrier => ({
    ...right,
    // Like an HTTP client that retries by itself.
    async createLabel(create, call) {
      const exchange = await right.createLabel(create, { ...call, timeoutMs: 500 });
      return exchange.kind === 'response' ? exchange : right.createLabel(create, call);
    },
  }),
  'list-as-of-arrival': (right: Carrier): Carrier => ({
    ...right,
    listLabels: async (...args) => ({ ...(await right.listLabels(...args)), asOfMs: Date.now() }),
  }),
  'list-error-is-empty': (right: Carrier): Carrier => ({
    ...right,
    listLabels: (...args) => right.listLabels(...args).catch(() => ({ items: [], asOfMs: Date.now() })),
  }),
} as const;

/** A carrier whose functions are wrong for the parcels whose ids end with the name of a mistake. */
export function wrongForSome(right: Carrier): Carrier {
  const carrierFor = (parcelId: string): Carrier => {
    const wrong = Object.entries(WRONG_FUNCTIONS).find(([name]) => parcelId.endsWith(name));
    return wrong === undefined ? right : wrong[1](right);
  };
  return {
    createLabel: (create, call) => carrierFor(create.parcelId).createLabel(create, call),
    listLabels: (parcelId, call) => carrierFor(parcelId).listLabels(parcelId, call),
    voidLabel: (voiding, call) => carrierFor(voiding.parcelId).voidLabel(voiding, call),
  };
}
