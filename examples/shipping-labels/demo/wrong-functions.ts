import type { Carrier } from '../carrier.ts';

/** The three functions with one of them wrong, each in a way that comes easily. */
const WRONG_FUNCTIONS = {
  'create-again': (right: Carrier): Carrier => ({
    ...right,
    // As an HTTP client does that "helps" with retries.
    async createLabel(create, call) {
      const exchange = await right.createLabel(create, { ...call, timeoutMs: 500 });
      return exchange.kind === 'response' ? exchange : right.createLabel(create, call);
    },
  }),
  'list-as-of-arrival': (right: Carrier): Carrier => ({
    ...right,
    listLabels: async (...asked) => ({ ...(await right.listLabels(...asked)), asOfMs: Date.now() }),
  }),
  'list-error-is-empty': (right: Carrier): Carrier => ({
    ...right,
    listLabels: (...asked) => right.listLabels(...asked).catch(() => ({ items: [], asOfMs: Date.now() })),
  }),
} as const;

/** A carrier whose functions are wrong for parcels whose ids end with the name of what is wrong. */
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
