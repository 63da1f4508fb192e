import { exactlyOne, lateWatch, readCompleteResponse, sendTimeLeftMs } from 'exactly-one';
import { requestId } from '../../src/contracts/ids.ts';
import { decideCommit, decideVoid } from '../../src/services/ticket-system/commit-decision.ts';
import { decideSubmission, type RunStatus, runStatus } from '../../src/starter/resubmission.ts';
import { createChecker } from './checker/checker.ts';
import { INVARIANTS, type Violation } from './checker/invariants.ts';
import type { Scenario } from './scenario/scenario.ts';
import { createClocks } from './simulated/clocks.ts';
import { createOccasions } from './simulated/event-schedule.ts';
import { type OrderHistory, processOrder } from './simulated/order-workflow.ts';
import { createTemporal, type Run } from './simulated/temporal.ts';
import { createTicketSystem, ORDER } from './simulated/ticket-system.ts';
import { createVirtualClock } from './simulated/virtual-clock.ts';
import { createPlans, type Parts, type World } from './simulated/world.ts';

const PROTOCOL: Parts = {
  exactlyOne,
  lateWatch,
  decideCommit,
  decideVoid,
  readCompleteResponse,
  requestId,
  sendTimeLeftMs,
  decideSubmission,
};

export interface Ending {
  /** The first thing that was wrong; undefined: nothing. */
  readonly violation: Violation | undefined;
  /** How each run ended, and what became of items: so that a test can see that scenarios are not all alike. */
  readonly statuses: readonly string[];
  readonly items: number;
  readonly voided: number;
  /** The scenario as it went, a line for each thing that happened; only when it was asked for. */
  readonly lines: readonly string[];
}

/** A submission that finds the order changed gives up after so many tries, as the starter does. */
const MOST_TRIES = 10;

/**
 * Plays a scenario with the real protocol: an order, its resubmissions and late watches, until nothing is left to happen
 * or something is wrong.
 * @param options.tells whether the lines of the scenario are wanted
 * @param options.parts broken parts of the protocol, for a test
 */
export async function play(
  scenario: Scenario,
  options: { readonly tells?: boolean; readonly parts?: Partial<Parts> } = {},
): Promise<Ending> {
  let violation: Violation | undefined;
  const lines: string[] = [];
  const clock = createVirtualClock();
  const say: World['say'] = (who, what) => {
    if (options.tells === true) lines.push(`${String(clock.now()).padStart(7)} ms  ${who.padEnd(14)} ${what()}`);
  };
  const world = createWorld(scenario, { ...PROTOCOL, ...options.parts }, clock, say, (found) => {
    violation ??= found;
    say('checker', () => found.what);
  });
  const runs = begin(world);
  const hasEnded = await clock.runToQuiescence(() => violation !== undefined);
  if (!hasEnded) violation = { invariant: 'I7', what: `${INVARIANTS.I7}: there is no end to what it does` };
  else if (violation === undefined) world.checker.quiescent();
  const items = world.service.items();
  return {
    violation,
    statuses: runs.map(({ status }) => status),
    items: items.length,
    voided: items.filter(({ voided }) => voided).length,
    lines,
  };
}

function createWorld(
  scenario: Scenario,
  parts: Parts,
  clock: World['clock'],
  say: World['say'],
  onViolation: (violation: Violation) => void,
): World {
  const clocks = createClocks(clock);
  const checker = createChecker({
    guarantee: scenario.guarantee,
    orderId: ORDER.orderId,
    timings: scenario.timings,
    live: () => service.live(),
    onViolation,
  });
  const service = createTicketSystem({
    scenario,
    clocks,
    now: clock.now,
    witness: checker.witness,
    decide: { commit: parts.decideCommit, void: parts.decideVoid },
  });
  return {
    scenario,
    parts,
    clock,
    clocks,
    checker,
    service,
    occasions: createOccasions(clock),
    fates: createPlans(scenario, clock.now),
    say,
  };
}

/** Plans all that happens to the order, and submits it. */
function begin(world: World): readonly Run[] {
  const { scenario, clock, clocks, occasions, checker, say } = world;
  const temporal = createTemporal();
  const history: OrderHistory = { temporal, questions: 0, watches: 0 };
  const runs: Run[] = [];
  const current = () => runs.findLast(({ status }) => status === 'RUNNING');

  const submit = () => {
    let status: RunStatus = 'none';
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const submission = world.parts.decideSubmission(ORDER.orderId, status);
      if (submission.kind === 'attach') return checkAttached(status);
      const run = temporal.start(submission);
      if (run !== undefined) return startRun(run, submission.resumed);
      const latest = temporal.latestOf(ORDER.orderId);
      status = latest === undefined ? 'none' : runStatus(statusName(scenario, latest));
    }
    checker.report('submission', 'it was neither started nor attached to');
  };
  const checkAttached = (found: RunStatus) => {
    say('starter', () => `finds the order ${found}`);
    const status = temporal.latestOf(ORDER.orderId)?.status;
    if (status !== 'RUNNING' && status !== 'COMPLETED')
      checker.report('submission', `attached to an order that is ${status}`);
  };
  const startRun = (run: Run, resumed: boolean) => {
    runs.push(run);
    say('starter', () => `starts ${run.runId}${resumed ? ', resumed' : ''}`);
    checker.began({ runId: run.runId, resumed, startedAtMs: clocks.read('Temporal') });
    void processOrder(world, history, run, resumed);
    occasions.came('begin');
  };

  for (const { at, whose, offMs } of scenario.clockSteps) {
    const set = () => {
      clocks.set(whose, offMs);
      world.fates.troubled(clock.now());
      say(whose, () => `its clock is ${offMs} ms off from now on`);
    };
    if (at.nth === 0) set();
    else occasions.plan(at, set);
  }
  for (const { at, resubmitAfterMs } of scenario.terminations) {
    occasions.plan(at, () => {
      const run = current();
      if (run === undefined) return;
      run.status = 'TERMINATED';
      say('operator', () => `terminates ${run.runId}`);
      checker.terminated();
      world.fates.troubled(clock.now() + resubmitAfterMs);
      clock.at(clock.now() + resubmitAfterMs, submit);
    });
  }
  for (const at of scenario.cancellations) {
    occasions.plan(at, () => {
      const run = current();
      if (run === undefined) return;
      run.cancelRequested = true;
      world.fates.troubled(clock.now());
      say('operator', () => `asks ${run.runId} to cancel`);
      checker.cancelRequested(run.runId);
    });
  }
  for (const at of scenario.submissions) occasions.plan(at, submit);
  for (const at of scenario.wrongVoids) occasions.plan(at, () => sendWrongVoids(world));
  for (const at of scenario.promisedGoes) occasions.plan(at, () => takePromisedAway(world));
  clock.at(0, submit);
  return runs;
}

/** What Temporal says of a run: one that is open may be paused, or go on in a new execution this very moment. */
function statusName({ jitterSeed }: Scenario, { status }: Run): string {
  const open = ['RUNNING', 'PAUSED', 'CONTINUED_AS_NEW'];
  return status === 'RUNNING' ? (open[jitterSeed % open.length] ?? status) : status;
}

function takePromisedAway({ service, checker, say }: World): void {
  const itemId = checker.takePromisedAway();
  if (itemId === undefined) return;
  service.takeAway(itemId);
  say('operator', () => `takes ${itemId} out of circulation`);
}

/** Voids that no service may obey: of a ticket that keeps itself, one that was never made, or nothing for ever. */
function sendWrongVoids({ service, checker }: World): void {
  if (service.voidItem({ itemId: 'never-made', keep: null }) === 'voided') {
    checker.report('service', 'a void of a ticket that was never made was obeyed');
  }
  for (const { itemId } of service.live()) {
    for (const keep of [itemId, 'never-made', null]) {
      const said = service.voidItem({ itemId, keep });
      if (said === 'voided')
        checker.report('service', `a void of ${itemId}, keep ${keep}, without a deadline, was obeyed`);
    }
  }
}
