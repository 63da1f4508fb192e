import type { Guarantee } from 'exactly-one';
import { NORMAL } from '../scenario/planned-requests.ts';
import type { Scenario } from '../scenario/scenario.ts';

export type Plans = ReturnType<typeof createPlans>;

/** Responses to creates that no worker receives. */
export type WithheldResponses = 'none' | 'commits' | 'all';

/** Hands out the plans of a scenario in turn, and remembers when its last fault occurred. */
export function createPlans(scenario: Scenario, now: () => number) {
  const { guarantee, claimedAtFirst } = scenario;
  const used = { creates: 0, checks: 0, voids: 0, watchStarts: 0 };
  let guaranteeReads = 0;
  let lastFaultMs = 0;
  const next = <List extends 'creates' | 'checks' | 'voids'>(list: List): Scenario[List][number] | undefined => {
    const plan = scenario[list][used[list]];
    used[list] += 1;
    if (plan !== undefined) lastFaultMs = now();
    return plan;
  };
  return {
    nextCreate: () => next('creates') ?? NORMAL.create,
    nextCheck: () => next('checks') ?? NORMAL.check,
    nextVoid: () => next('voids') ?? NORMAL.void,

    watchStartsAfterMs: () => scenario.watchStartsAfterMs[used.watchStarts] ?? 1,
    watchHasStarted() {
      used.watchStarts += 1;
    },

    /** A resumed run always learns the real guarantee. */
    readGuarantee(resumed: boolean): Guarantee {
      guaranteeReads += 1;
      return resumed || guaranteeReads > claimedAtFirst.reads ? guarantee : claimedAtFirst.guarantee;
    },
    /** While a service claims more than it keeps for long, it sends no response on which an irreversible step rests. */
    withheldResponses(): WithheldResponses {
      if (claimedAtFirst.reads < 2 || guaranteeReads > claimedAtFirst.reads) return 'none';
      return guaranteeReads < claimedAtFirst.reads ? 'all' : 'commits';
    },

    lastFaultMs: () => lastFaultMs,
    /** A fault occurs, or has an effect, as late as this. */
    faultAt(timeMs: number) {
      lastFaultMs = Math.max(lastFaultMs, timeMs);
    },
  };
}
