import type { CreateOutcome } from './create-outcome.ts';
import { type Conclusion, exactlyOne } from './exactly-one.ts';
import type { Guarantee } from './guarantee.ts';
import type { Item, SeenItems, VoidResult } from './items.ts';
import type { OrderState } from './order-state.ts';
import { ORDER_ID, START_MS, TIMINGS } from './order-states.fixture.ts';
import type { CreateRequest, Step, Steps } from './steps.ts';

/** What the steps return, in turn. The last entry of a list is repeated. */
export interface Script {
  readonly checks: readonly (readonly Item[])[];
  readonly outcomes?: readonly CreateOutcome[];
  readonly guarantees?: readonly Guarantee[];
  readonly voids?: readonly VoidResult[];
  readonly createsTakeMs?: number;
  readonly random?: number;
  /** The time when the script starts. Default: `START_MS`. */
  readonly startMs?: number;
  /** A cancellation is requested during the check with this number, from 1; 0: before the first one. */
  readonly cancelDuringCheck?: number;
  /** Somebody says this long after each pause has begun that an item may have come. */
  readonly hintsAfterMs?: number;
  /** The steps interrupt the loop after this many checks. */
  readonly interruptAfterChecks?: number;
  /** The create with this number, from 1, interrupts the loop after it was sent. */
  readonly interruptDuringCreate?: number;
}

/** How a step interrupts the loop, as Temporal's `continueAsNew` does. */
class Interruption extends Error {}

/** A loop that checks more often than this does not end. */
const MAX_CHECKS = 100;

/** Steps that follow a script, on a clock that only they advance, and that record what was done. */
export function scriptSteps(script: Script) {
  const done: string[] = [];
  const shown: { readonly state: OrderState; readonly step: Step }[] = [];
  const seenPassed: SeenItems[] = [];
  const creates: (CreateRequest & { readonly atMs: number })[] = [];
  let nowMs = script.startMs ?? START_MS;
  let checks = 0;

  const perform = async (text: string, ms: number) => {
    done.push(text);
    nowMs += ms;
  };
  const interruptAfter = (count: number, limit = Number.POSITIVE_INFINITY) => {
    if (count >= limit) throw new Interruption();
  };
  const sleep = (ms: number) => perform(`sleep ${ms}`, ms);
  const steps: Steps = {
    nowMs: () => nowMs,
    random: () => script.random ?? 0.5,
    sleep,
    sleepUntilCheck: (ms) => sleep(Math.min(ms, script.hintsAfterMs ?? ms)),
    sleepUnlessCancelled: (ms) => perform(`sleep ${ms} unless cancelled`, ms),
    async validate(seen) {
      interruptAfter(checks, script.interruptAfterChecks);
      if (checks === MAX_CHECKS) throw new Error(`still running after ${MAX_CHECKS} checks: ${done.join(', ')}`);
      seenPassed.push(seen);
      const items = inTurn(script.checks, checks, []);
      checks += 1;
      await perform('check', 0);
      return { items, asOfMs: nowMs };
    },
    async create(request) {
      const outcome = inTurn(script.outcomes ?? [], creates.length, { kind: 'unknown', reason: 'not scripted' });
      creates.push({ ...request, atMs: nowMs });
      await perform('create', script.createsTakeMs ?? 0);
      interruptAfter(creates.length, script.interruptDuringCreate);
      return outcome;
    },
    async voidItem(itemId, keep) {
      const result = inTurn(script.voids ?? [], count(done, 'void'), 'voided');
      await perform(`void ${itemId}, keep ${keep}`, 0);
      return result;
    },
    async readGuarantee() {
      interruptAfter(checks, script.interruptAfterChecks);
      const guarantee = inTurn(script.guarantees ?? [], count(done, 'read guarantee'), 'idempotency-key');
      await perform('read guarantee', 0);
      return guarantee;
    },
    cancelRequested: () => checks >= (script.cancelDuringCheck ?? Number.POSITIVE_INFINITY),
    onStep: (state, step) => shown.push({ state, step }),
    onOutcome: (outcome) => done.push(`outcome ${outcome.kind}`),
  };
  return { steps, done, shown, seenPassed, creates };
}

/** Runs an order to its end, or until it is interrupted; then its state is the one to continue from. */
export async function runOrder(initial: OrderState, script: Script) {
  const scripted = scriptSteps(script);
  const ended: { conclusion: Conclusion | 'interrupted'; state: OrderState } = await exactlyOne(
    ORDER_ID,
    scripted.steps,
    TIMINGS,
    initial,
  ).catch((error: unknown) => {
    if (!(error instanceof Interruption)) throw error;
    return { conclusion: 'interrupted', state: scripted.shown.at(-1)?.state ?? initial };
  });
  return { ...scripted, ...ended };
}

function inTurn<Value>(values: readonly Value[], turn: number, otherwise: Value): Value {
  return values[turn] ?? values.at(-1) ?? otherwise;
}

function count(done: readonly string[], step: string): number {
  return done.filter((each) => each.startsWith(step)).length;
}
