import { condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { beginning, failures, isResolution, type Mask, messages, quoted } from '../contract/index.ts';
import { refusal } from '../contract/refusal.ts';
import { type AcceptedResolution, type OrderState, resolutionProblem } from '../protocol/index.ts';
import type { Prepared } from './options.ts';

/** Anybody who reaches the Temporal server can send anything. */
const resolveUpdate = defineUpdate<void, unknown[]>(messages.resolve);

/** The most characters of a reason that are kept. */
const MAX_REASON_LENGTH = 1_000;

const MAX_NAME_LENGTH = 200;

export type Resolutions = ReturnType<typeof acceptResolutions>;

/**
 * Lets a person resolve an order whose outcome nobody can read. What must be refused leaves nothing in the history.
 * @param known what the order knows; an accepted resolution is added, so that continue-as-new carries it
 */
export function acceptResolutions(
  known: { readonly prepared?: Prepared<unknown>; readonly state?: OrderState; resolution?: AcceptedResolution },
  mask: Mask | undefined,
) {
  let running: 'create' | 'void' | undefined;
  let isDecided = false;

  const problemWith = (given: readonly unknown[]): string | undefined => {
    const [resolution, ...more] = given;
    if (!isResolution(resolution) || more.length > 0) {
      const allowed = '{ itemId, reason, by } and { none: true, reason, by }, all of them texts that are not empty';
      return `${quoted(given, mask)} is no resolution; allowed: ${allowed}`;
    }
    if ('itemId' in resolution && mask !== undefined && mask(resolution.itemId) !== resolution.itemId) {
      return 'its itemId contains a secret, which would stand in the history';
    }
    if (known.resolution !== undefined) return `${known.resolution.by} has resolved it already`;
    if (isDecided) return 'it has ended already';
    const { state, prepared } = known;
    if (state === undefined || prepared?.timings === undefined) {
      return 'it is still preparing, and does not know what may be in flight; it can be given up';
    }
    return resolutionProblem(resolution, state, prepared.timings, { nowMs: Date.now(), running });
  };
  const validate = (...given: readonly unknown[]) => {
    const problem = problemWith(given);
    if (problem !== undefined) throw refusal(`the resolution was refused: ${problem}`, failures.resolutionRefused);
  };

  setHandler(
    resolveUpdate,
    (given) => {
      // A second one may have passed its validator in the same task.
      if (known.resolution !== undefined || !isResolution(given)) return validate(given);
      const claim = 'itemId' in given ? { itemId: given.itemId } : { none: given.none };
      known.resolution = {
        ...claim,
        reason: beginning(given.reason, MAX_REASON_LENGTH, mask),
        by: beginning(given.by, MAX_NAME_LENGTH, mask),
        atMs: Date.now(),
      };
    },
    { validator: validate },
  );

  return {
    current: (): AcceptedResolution | undefined => known.resolution,
    accepted: (): Promise<void> => condition(() => known.resolution !== undefined),
    /** The order has decided how it ends, so nobody can resolve it any more. */
    decided() {
      isDecided = true;
    },
    /** A request that may change which items exist. It is not sent any more once the order is resolved. */
    async whileRunning<Result>(what: 'create' | 'void', request: () => Promise<Result>): Promise<Result> {
      if (known.resolution !== undefined) return new Promise<never>(() => undefined);
      running = what;
      try {
        return await request();
      } finally {
        running = undefined;
      }
    },
  };
}
