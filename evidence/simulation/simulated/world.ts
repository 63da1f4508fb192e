import type { exactlyOne, lateWatch, readCompleteResponse, sendTimeLeftMs } from 'exactly-one';
import type { requestId } from '../../../src/contracts/ids.ts';
import type { decideCommit, decideVoid } from '../../../src/services/ticket-system/commit-decision.ts';
import type { decideSubmission } from '../../../src/starter/resubmission.ts';
import type { Checker } from '../checker/checker.ts';
import { type Scenario, WELL } from '../scenario/scenario.ts';
import type { Clocks } from './clocks.ts';
import type { Occasions } from './event-schedule.ts';
import type { SimulatedTicketSystem } from './ticket-system.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The parts of the protocol that a test may replace by broken ones. */
export interface Parts {
  readonly exactlyOne: typeof exactlyOne;
  readonly lateWatch: typeof lateWatch;
  readonly decideCommit: typeof decideCommit;
  readonly decideVoid: typeof decideVoid;
  readonly readCompleteResponse: typeof readCompleteResponse;
  readonly requestId: typeof requestId;
  readonly sendTimeLeftMs: typeof sendTimeLeftMs;
  readonly decideSubmission: typeof decideSubmission;
}

/** All that the machines of a scenario share. */
export interface World {
  readonly scenario: Scenario;
  readonly parts: Parts;
  readonly clock: VirtualClock;
  readonly clocks: Clocks;
  readonly service: SimulatedTicketSystem;
  readonly checker: Checker;
  readonly occasions: Occasions;
  readonly fates: Fates;
  /** Writes a line of the scenario down, if somebody reads it. */
  readonly say: (who: string, what: () => string) => void;
}

/** What becomes of each request, in turn. */
export type Fates = ReturnType<typeof createPlans>;

export function createPlans(scenario: Scenario, now: () => number) {
  const taken = { creates: 0, checks: 0, voids: 0 };
  let lastTroubleMs = 0;
  const next = <Kind extends keyof typeof taken>(kind: Kind) => {
    const fate = scenario[kind][taken[kind]];
    taken[kind] += 1;
    if (fate !== undefined) lastTroubleMs = now();
    return fate;
  };
  return {
    create: () => next('creates') ?? WELL.create,
    look: () => next('checks') ?? WELL.look,
    void: () => next('voids') ?? WELL.void,
    lastTroubleMs: () => lastTroubleMs,
    troubled(untilMs: number) {
      lastTroubleMs = Math.max(lastTroubleMs, untilMs);
    },
  };
}

/** Tickets and voids in the answers that a run, or a watch, has believed. */
export interface Memory {
  readonly listed: Set<string>;
  readonly listedVoided: Set<string>;
}

/** Who makes a call: a run of an order, or a late watch. */
export interface Caller {
  readonly name: string;
  /** Its present execution, new after each continue-as-new. */
  executionId(): string;
  nextActivityId(): string;
  /** What it has truly been shown, and believed. */
  readonly memory: Memory;
  /** Waits; in a run that was terminated meanwhile it never ends. */
  sleep(ms: number): Promise<void>;
}

/** The first pause that Temporal makes before it tries an activity again. */
export const RETRY_AFTER_MS = 20;
