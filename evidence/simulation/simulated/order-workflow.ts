import {
  type AcceptedResolution,
  type Conclusion,
  type Guarantee,
  initialState,
  lateWatchId,
  type OrderState,
  type Steps,
} from 'exactly-one';
import { createSeededRandom } from '../../../testbed/seeded-random.ts';
import { validateTicket } from './check-activity.ts';
import { createTicket } from './create-activity.ts';
import { runLateWatch } from './late-watch-workflow.ts';
import { type Caller, ContinueAsNew, createExecutions, type Run } from './temporal.ts';
import { ORDER } from './ticket-system.ts';
import { voidTicket } from './void-activity.ts';
import type { World } from './world.ts';

/** The workflow `processOrder`: continues as new when it must, and ends unless it is terminated. */
export async function processOrder(world: World, run: Run, resumed: boolean): Promise<void> {
  const { scenario, clocks, events, protocol, trace, checker } = world;
  const { timings } = scenario;
  const executions = createExecutions(world, run.runId, () => run.status === 'RUNNING');
  const readGuarantee = () => readGuaranteeOf(world, executions.caller, resumed);
  let state: OrderState | undefined;
  let guarantee: Guarantee | undefined;
  const resolutions = acceptResolutions(world, run, () => state);
  for (;;) {
    try {
      const startedAtMs = clocks.read('Temporal');
      guarantee ??= await readGuarantee();
      const steps = createSteps(world, run, {
        ...executions,
        readGuarantee,
        resolutions,
        remember: (changed) => {
          state = changed;
        },
      });
      const begun = state ?? initialState({ guarantee, resumed, startedAtMs, timings });
      const runLoop = () => protocol.exactlyOne(ORDER.orderId, steps, timings, state ?? begun);
      const result = await Promise.race([runLoop(), resolutions.accepted.then(runLoop)]);
      resolutions.decided();
      state = result.state;
      await endRun(world, run, executions.caller, result.conclusion, result.state);
      events.emit('run ended');
      return;
    } catch (error) {
      if (!(error instanceof ContinueAsNew)) {
        run.status = 'FAILED';
        return checker.report('I7', `${run.runId} failed: ${String(error)}`);
      }
      trace(run.runId, () => 'continues as new');
      state = executions.continueAsNew(state);
    }
  }
}

/** What a person says about an order ends it, also while it waits. */
function acceptResolutions(
  { protocol, scenario, clocks, checker }: World,
  run: Run,
  state: () => OrderState | undefined,
) {
  let resolution: AcceptedResolution | undefined;
  let isDecided = false;
  let running: 'create' | 'void' | undefined;
  let accept: () => void = () => undefined;
  const accepted = new Promise<void>((resolve) => {
    accept = resolve;
  });
  run.resolve = (requested) => {
    const known = state();
    if (known === undefined || isDecided || resolution !== undefined) return 'it is still preparing, or ending';
    const now = { nowMs: clocks.read('Temporal'), running };
    const problem = protocol.resolutionProblem(requested, known, scenario.timings, now);
    if (problem !== undefined) return problem;
    checker.resolutionAccepted(run.runId, requested, now);
    resolution = { ...requested, atMs: now.nowMs };
    accept();
    return undefined;
  };
  return {
    accepted,
    current: () => resolution,
    /** The order has decided how it ends. */
    decided() {
      isDecided = true;
    },
    async whileRunning<Result>(what: 'create' | 'void', request: () => Promise<Result>): Promise<Result> {
      running = what;
      try {
        return await request();
      } finally {
        running = undefined;
      }
    },
  };
}

async function readGuaranteeOf({ plans, checker, trace }: World, caller: Caller, resumed: boolean): Promise<Guarantee> {
  await caller.sleep(1);
  const guarantee = plans.readGuarantee(resumed);
  trace(caller.name, () => `reads the guarantee: ${guarantee}`);
  checker.guaranteeRead(caller.name, guarantee);
  return guarantee;
}

function createSteps(
  world: World,
  run: Run,
  execution: Omit<ReturnType<typeof createExecutions>, 'continueAsNew'> & {
    readonly readGuarantee: () => Promise<Guarantee>;
    readonly resolutions: ReturnType<typeof acceptResolutions>;
    readonly remember: (state: OrderState) => void;
  },
): Steps {
  const { scenario, clocks, checker, trace } = world;
  const { runId } = run;
  const { caller, beginStep, resolutions } = execution;
  return {
    nowMs: () => clocks.read('Temporal'),
    random: createSeededRandom(scenario.jitterSeed).next,
    sleep: caller.sleep,
    sleepUntilCheck: (ms) => caller.sleep(Math.min(ms, scenario.hintsAfterMs ?? ms)),
    sleepUnlessCancelled: (ms) => caller.sleep(run.cancelRequested ? 0 : ms),
    validate: async (seen) => {
      beginStep();
      const list = await validateTicket(world, caller, seen, runId);
      checker.responseDelivered(runId, list);
      return list;
    },
    create: async (request) => {
      const { deadlineMs, idempotencyKey: key } = request;
      checker.createRequested(runId, { deadlineMs, key }, clocks.read('Temporal'));
      const outcome = await resolutions.whileRunning('create', () => createTicket(world, caller, request, runId));
      // The run may also continue as new before it receives the outcome.
      beginStep();
      checker.outcomeReceived(runId, outcome, clocks.read('Temporal'));
      return outcome;
    },
    voidItem: (itemId, keep) => {
      beginStep();
      checker.voidRequested(runId, itemId, keep);
      return resolutions.whileRunning('void', () =>
        voidTicket(world, caller, { itemId, keep, mayLoseKeeper: () => run.status === 'RUNNING' }),
      );
    },
    readGuarantee: () => {
      beginStep();
      return execution.readGuarantee();
    },
    cancelRequested: () => run.cancelRequested,
    resolution: resolutions.current,
    onStep: (state, step) => {
      execution.remember(state);
      if (step.kind === 'wait' && step.why === 'settling') checker.settlingStarted(runId);
      if (step.kind === 'wait') trace(runId, () => `waits ${step.ms} ms: ${step.why}`);
    },
    onOutcome: (outcome) => trace(runId, () => `create outcome: ${outcome.kind}`),
  };
}

const STATUSES = {
  'one item': 'COMPLETED',
  rejected: 'FAILED',
  'resolved without an item': 'FAILED',
  cancelled: 'CANCELLED',
} as const;

async function endRun(
  world: World,
  run: Run,
  caller: Caller,
  conclusion: Conclusion,
  state: OrderState,
): Promise<void> {
  const { checker, clock, plans, temporal, trace } = world;
  if (conclusion.kind === 'one item' && conclusion.lateWatchMs !== undefined) {
    const { itemId, lateWatchMs } = conclusion;
    const watchRun = temporal.startChild(lateWatchId(ORDER.orderId, run.runId));
    if (watchRun === undefined) throw new Error('cannot start its late watch: a watch with the same id is running');
    const begun = { promisedItemId: itemId, lateWatchMs, seen: state.seen, voidedItemIds: [] };
    void runLateWatch(world, watchRun, begun, () => run.status === 'COMPLETED');
    await caller.sleep(plans.watchStartsAfterMs());
    plans.watchHasStarted();
  }
  trace(run.runId, () => (conclusion.kind === 'one item' ? `completed with ${conclusion.itemId}` : conclusion.kind));
  run.status = STATUSES[conclusion.kind];
  checker.runEnded(
    run.runId,
    { conclusion, createAttempts: state.createAttempts },
    { nowMs: clock.now(), lastFaultMs: plans.lastFaultMs() },
  );
}
