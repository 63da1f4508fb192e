import { setTimeout as pause } from 'node:timers/promises';
import type { Faults } from 'exactly-one/testing';
import type { Carrier } from '../../examples/shipping-labels/carrier.ts';
import { TIMINGS } from '../../examples/shipping-labels/timings.ts';

/** After this time a create that has been received is past its fence, and the list is fresh enough to say so. */
const FENCE_MS = TIMINGS.createDeadlineMs + TIMINGS.settleMs + TIMINGS.clockSkewMs;

interface Parcel {
  /** When its first create arrived, in epoch milliseconds. */
  createdAtMs?: number;
  /** A label was printed. */
  isLabelled?: boolean;
  areListsRestored?: boolean;
  /** 0 if never, in epoch milliseconds. */
  lastListMs: number;
  commitFirst?: () => void;
}

/**
 * Faults of single parcels, by the beginning of their ids. The first create of `late...` commits right after the first
 * list that has another label; that of `late-cancelled` after the first list past its fence. A create of `refused...`
 * prints a label and then responds with a refusal; after it, lists are stale (`refused-old...`) or fail until
 * `restoreLists`.
 */
export function scriptFaults() {
  const parcels = new Map<string, Parcel>();
  const parcelOf = (parcelId: string): Parcel => {
    const parcel = parcels.get(parcelId) ?? { lastListMs: 0 };
    parcels.set(parcelId, parcel);
    return parcel;
  };
  const isPastFence = ({ createdAtMs = Number.POSITIVE_INFINITY, lastListMs }: Parcel) =>
    lastListMs > createdAtMs + FENCE_MS;

  return {
    decide(point, parcelId) {
      const parcel = parcelOf(parcelId);
      switch (point) {
        case 'create.late': {
          const isFirst = parcel.createdAtMs === undefined;
          parcel.createdAtMs ??= Date.now();
          if (!isFirst || !parcelId.startsWith('late')) return undefined;
          const until = new Promise<void>((commit) => {
            parcel.commitFirst = commit;
          });
          return { kind: 'delay', until };
        }
        case 'create.after':
          parcel.isLabelled = true;
          return parcelId.startsWith('refused') ? { kind: 'refusal' } : undefined;
        case 'list': {
          parcel.lastListMs = Date.now();
          const isDue = parcelId === 'late-cancelled' ? isPastFence(parcel) : parcel.isLabelled;
          // The list is read first.
          if (isDue) setImmediate(() => parcel.commitFirst?.());
          if (!parcelId.startsWith('refused') || !parcel.isLabelled || parcel.areListsRestored) return undefined;
          return { kind: parcelId.startsWith('refused-old') ? 'stale' : 'error' };
        }
        default:
          return undefined;
      }
    },
    /** Whether a create of the parcel has arrived. */
    isReceived: (parcelId: string) => parcelOf(parcelId).createdAtMs !== undefined,
    /** Whether a parcel has been listed past the fence of its first create. */
    isListedPastFence: (parcelId: string) => isPastFence(parcelOf(parcelId)),
    restoreLists(parcelId: string) {
      parcelOf(parcelId).areListsRestored = true;
    },
  } satisfies Faults & Record<string, unknown>;
}

type IsReceived = (parcelId: string) => boolean;

/** The three functions, each time with a common mistake in one of them. */
const WRONG_FUNCTIONS = {
  // Like an HTTP client that gets no response soon enough and retries by itself.
  'create-again': (right: Carrier, isReceived: IsReceived): Carrier => ({
    ...right,
    async create(parcel, call) {
      const soon = new AbortController();
      const sent = right.create(parcel, { ...call, signal: soon.signal });
      while (!isReceived(call.orderId)) await pause(10);
      soon.abort();
      const exchange = await sent;
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
export function wrongForSome(right: Carrier, isReceived: IsReceived): Carrier {
  const carrierFor = (parcelId: string): Carrier => {
    const wrong = Object.entries(WRONG_FUNCTIONS).find(([name]) => parcelId.endsWith(name));
    return wrong === undefined ? right : wrong[1](right, isReceived);
  };
  return {
    ...right,
    create: (parcel, call) => carrierFor(call.orderId).create(parcel, call),
    list: (parcel, call) => carrierFor(call.orderId).list(parcel, call),
  };
}
