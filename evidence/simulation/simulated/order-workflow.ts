import { type Conclusion, type Guarantee, initialState, type OrderState, type Steps } from 'exactly-one';
import { lateWatchId } from '../../../src/contracts/ids.ts';
import { createSeededRandom } from '../../../testbed/seeded-random.ts';
import { look } from './check-activity.ts';
import { create } from './create-activity.ts';
import { continuedAsNew, createExecution, HistoryTooLong } from './execution.ts';
import { watch } from './late-watch-workflow.ts';
import type { Run, Temporal } from './temporal.ts';
import { ORDER } from './ticket-system.ts';
import { voidItem } from './void-activity.ts';
import type { Caller, World } from './world.ts';

/** What the runs of an order have in common. */
export interface OrderHistory {
  readonly temporal: Temporal;
  /** How often the service was asked for its guarantee. */
  questions: number;
  watches: number;
}

/** The workflow `processOrder`: it goes on in new executions, and ends unless it is terminated. */
export async function processOrder(world: World, history: OrderHistory, run: Run, resumed: boolean): Promise<void> {
  const { scenario, clocks, say, checker, occasions, parts } = world;
  const execution = createExecution(world, run.runId, () => run.status === 'RUNNING');
  const readGuarantee = () => askGuarantee(world, history, run, { caller: execution.caller, resumed });
  let known: OrderState | undefined;
  let firstTold: Guarantee | undefined;
  for (;;) {
    try {
      const startedAtMs = clocks.read('Temporal');
      firstTold ??= await readGuarantee();
      const begun = known ?? initialState({ guarantee: firstTold, resumed, startedAtMs, timings: scenario.timings });
      const steps = stepsOf(world, history, run, {
        ...execution,
        readGuarantee,
        remember: (state) => {
          known = state;
        },
      });
      const ended = await parts.exactlyOne(ORDER.orderId, steps, scenario.timings, begun);
      known = ended.state;
      if (ended.conclusion.kind === 'continue as new') throw new HistoryTooLong();
      await conclude(world, history, run, ended.conclusion, ended.state, execution.caller);
      occasions.came('end');
      return;
    } catch (error) {
      if (!(error instanceof HistoryTooLong)) {
        run.status = 'FAILED';
        return checker.report('I7', `${run.runId} failed: ${String(error)}`);
      }
      say(run.runId, () => 'goes on in a new execution');
      execution.goOn();
      known = known && continuedAsNew(known);
    }
  }
}

/** A resumed run learns the truth at once. */
async function askGuarantee(
  world: World,
  history: OrderHistory,
  run: Run,
  { caller, resumed }: { readonly caller: Caller; readonly resumed: boolean },
): Promise<Guarantee> {
  const { scenario, say, checker } = world;
  await caller.sleep(1);
  history.questions += 1;
  const isTrue = resumed || history.questions > scenario.saidAtFirst.questions;
  const told = isTrue ? scenario.guarantee : scenario.saidAtFirst.guarantee;
  say(run.runId, () => `is told that the guarantee is ${told}`);
  checker.told(run.runId, told);
  return told;
}

/** While the service claims more than it keeps, it is not heard to say what could not be undone. */
function mutedNow({ saidAtFirst }: World['scenario'], { questions }: OrderHistory) {
  if (saidAtFirst.questions < 2 || questions > saidAtFirst.questions) return 'nothing';
  return questions < saidAtFirst.questions ? 'everything' : 'commits';
}

function stepsOf(
  world: World,
  history: OrderHistory,
  run: Run,
  doing: ReturnType<typeof createExecution> & {
    readonly readGuarantee: () => Promise<Guarantee>;
    readonly remember: (state: OrderState) => void;
  },
): Steps {
  const { scenario, clocks, checker, say } = world;
  const { caller, breakOffIfTooLong, isTooLong } = doing;
  const random = createSeededRandom(scenario.jitterSeed);
  const isRunning = () => run.status === 'RUNNING';
  return {
    nowMs: () => clocks.read('Temporal'),
    random: random.next,
    sleep: caller.sleep,
    sleepUnlessCancelled: (ms) => (run.cancelRequested ? caller.sleep(0) : caller.sleep(ms)),
    validate: (seen) => {
      breakOffIfTooLong();
      return look(world, caller, seen, run.runId);
    },
    create: async (request) => {
      checker.createAsked(run.runId, request, clocks.read('Temporal'));
      const muted = mutedNow(scenario, history);
      const outcome = await create(world, caller, request, { runId: run.runId, muted });
      checker.outcome(run.runId, outcome, clocks.read('Temporal'));
      return outcome;
    },
    voidItem: (itemId, keep) => {
      breakOffIfTooLong();
      checker.voidAsked(run.runId, itemId, keep);
      return voidItem(world, caller, { itemId, keep, mayLoseKeeper: isRunning });
    },
    readGuarantee: () => {
      breakOffIfTooLong();
      return doing.readGuarantee();
    },
    cancelRequested: () => run.cancelRequested,
    mustContinueAsNew: isTooLong,
    onStep: (state, step) => {
      doing.remember(state);
      if (step.kind === 'wait' && step.why === 'settling') checker.settles(run.runId);
      if (step.kind === 'wait') say(run.runId, () => `waits ${step.ms} ms: ${step.why}`);
    },
    onOutcome: (outcome) => say(run.runId, () => `learns of its create: ${outcome.kind}`),
  };
}

async function conclude(
  world: World,
  history: OrderHistory,
  run: Run,
  conclusion: Exclude<Conclusion, { kind: 'continue as new' }>,
  state: OrderState,
  caller: Caller,
): Promise<void> {
  const { checker, say, scenario } = world;
  if (conclusion.kind === 'one item' && conclusion.lateWatchMs !== undefined) {
    const { itemId, lateWatchMs } = conclusion;
    const child = history.temporal.startChild(lateWatchId(ORDER.orderId, run.runId));
    if (child === undefined) throw new Error('its late watch could not be started: one of that id is open');
    const begun = { promisedItemId: itemId, lateWatchMs, seen: state.seen, voidedItemIds: [] };
    void watch(world, child, begun, () => run.status === 'COMPLETED');
    await caller.sleep(scenario.watchStartsMs[history.watches] ?? 1);
    history.watches += 1;
  }
  say(
    run.runId,
    () => `ends: ${conclusion.kind === 'one item' ? `has its one item, ${conclusion.itemId}` : conclusion.kind}`,
  );
  run.status = ({ 'one item': 'COMPLETED', rejected: 'FAILED', cancelled: 'CANCELLED' } as const)[conclusion.kind];
  checker.ended(
    run.runId,
    { conclusion, createAttempts: state.createAttempts },
    { nowMs: world.clock.now(), lastTroubleMs: world.fates.lastTroubleMs() },
  );
}
