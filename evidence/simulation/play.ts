import {
  decideSubmission,
  exactlyOne,
  lateWatch,
  readCompleteResponse,
  requestId,
  resolutionProblem,
  timeLeftToSendMs,
} from 'exactly-one';
import { decideCommit, decideVoid } from '../../src/services/ticket-system/commit-decision.ts';
import { createChecker } from './checker/checker.ts';
import { INVARIANTS, type Violation } from './checker/invariants.ts';
import type { Scenario } from './scenario/scenario.ts';
import { createEventSchedule } from './simulated/event-schedule.ts';
import { scheduleInterventions } from './simulated/interventions.ts';
import { createPlans } from './simulated/plans.ts';
import { createStarter } from './simulated/starter.ts';
import { createTemporal } from './simulated/temporal.ts';
import { createTicketSystem, ORDER } from './simulated/ticket-system.ts';
import { createMachineClocks, createVirtualClock } from './simulated/virtual-clock.ts';
import type { Protocol, World } from './simulated/world.ts';

const PROTOCOL: Protocol = {
  exactlyOne,
  lateWatch,
  decideCommit,
  decideVoid,
  readCompleteResponse,
  requestId,
  resolutionProblem,
  timeLeftToSendMs,
  decideSubmission,
};

interface PlayResult {
  /** The first violation of an invariant; undefined when all of them held. */
  readonly violation: Violation | undefined;
  /** The final status of each run. */
  readonly statuses: readonly string[];
  readonly tickets: number;
  readonly voidedTickets: number;
  /** One line for each thing that happened; empty unless it was asked for. */
  readonly trace: readonly string[];
}

/**
 * Plays a scenario with the real protocol: an order, its resubmissions and its late watches, until nothing is left to
 * happen or an invariant is violated.
 * @param options.trace whether to record a trace; default: no
 * @param options.protocol functions that replace those of the real protocol, for a test
 */
export async function play(
  scenario: Scenario,
  options: { readonly trace?: boolean; readonly protocol?: Partial<Protocol> } = {},
): Promise<PlayResult> {
  let violation: Violation | undefined;
  const lines: string[] = [];
  const clock = createVirtualClock();
  const trace: World['trace'] = (who, what) => {
    if (options.trace === true) lines.push(`${String(clock.now()).padStart(7)} ms  ${who.padEnd(14)} ${what()}`);
  };
  const world = createWorld(scenario, { ...PROTOCOL, ...options.protocol }, clock, trace, (found) => {
    violation ??= found;
    trace('checker', () => found.what);
  });
  const starter = createStarter(world);
  scheduleInterventions(world, starter);
  clock.at(0, starter.submit);

  const hasEnded = await clock.runToQuiescence(() => violation !== undefined);
  if (!hasEnded) violation = { invariant: 'I7', what: `${INVARIANTS.I7}: it never comes to an end` };
  else if (violation === undefined) world.checker.quiescent();
  const tickets = world.ticketSystem.tickets();
  return {
    violation,
    statuses: starter.runs().map(({ status }) => status),
    tickets: tickets.length,
    voidedTickets: tickets.filter(({ voided }) => voided).length,
    trace: lines,
  };
}

function createWorld(
  scenario: Scenario,
  protocol: Protocol,
  clock: World['clock'],
  trace: World['trace'],
  onViolation: (violation: Violation) => void,
): World {
  const clocks = createMachineClocks(clock);
  const checker = createChecker({
    guarantee: scenario.guarantee,
    orderId: ORDER.orderId,
    timings: scenario.timings,
    liveTickets: () => ticketSystem.liveTickets(),
    onViolation,
  });
  const ticketSystem = createTicketSystem({
    scenario,
    clocks,
    now: clock.now,
    observer: checker.ticketSystemObserver,
    decideCommit: protocol.decideCommit,
    decideVoid: protocol.decideVoid,
  });
  return {
    scenario,
    protocol,
    clock,
    clocks,
    temporal: createTemporal(),
    ticketSystem,
    events: createEventSchedule(clock),
    plans: createPlans(scenario, clock.now),
    checker,
    trace,
  };
}
