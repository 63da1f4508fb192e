import type {
  decideSubmission,
  exactlyOne,
  lateWatch,
  readCompleteResponse,
  requestId,
  resolutionProblem,
  timeLeftToSendMs,
} from 'exactly-one';
import type { decideCommit, decideVoid } from '../../../src/services/ticket-system/commit-decision.ts';
import type { Checker } from '../checker/checker.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { EventSchedule } from './event-schedule.ts';
import type { Plans } from './plans.ts';
import type { Temporal } from './temporal.ts';
import type { SimulatedTicketSystem } from './ticket-system.ts';
import type { MachineClocks, VirtualClock } from './virtual-clock.ts';

/** The functions under test. A test may replace them by broken ones. */
export interface Protocol {
  readonly exactlyOne: typeof exactlyOne;
  readonly lateWatch: typeof lateWatch;
  readonly decideCommit: typeof decideCommit;
  readonly decideVoid: typeof decideVoid;
  readonly readCompleteResponse: typeof readCompleteResponse;
  readonly requestId: typeof requestId;
  readonly resolutionProblem: typeof resolutionProblem;
  readonly timeLeftToSendMs: typeof timeLeftToSendMs;
  readonly decideSubmission: typeof decideSubmission;
}

/** Everything that the simulated machines of one scenario share. */
export interface World {
  readonly scenario: Scenario;
  readonly protocol: Protocol;
  readonly clock: VirtualClock;
  readonly clocks: MachineClocks;
  readonly temporal: Temporal;
  readonly ticketSystem: SimulatedTicketSystem;
  readonly events: EventSchedule;
  readonly plans: Plans;
  readonly checker: Checker;
  /** Adds a line to the trace of the scenario, if there is one. */
  readonly trace: (who: string, what: () => string) => void;
}
