import type { CreateOutcome } from './classify-outcome.ts';
import type { Step, Steps } from './exactly-one.ts';
import type { Guarantee } from './guarantee.ts';
import type { Item, SeenItems, VoidResult } from './items.ts';
import { START_MS } from './moments.fixture.ts';
import type { OrderState } from './order-state.ts';

/** What the world answers, in turn; the last entry of a list is answered for ever. */
export interface Script {
  readonly checks: readonly (readonly Item[])[];
  readonly outcomes?: readonly CreateOutcome[];
  readonly guarantees?: readonly Guarantee[];
  readonly voids?: readonly VoidResult[];
  /** How long a look and a create take. */
  readonly looksTakeMs?: number;
  readonly createsTakeMs?: number;
  readonly random?: number;
  /** The time when the script begins. */
  readonly beginMs?: number;
  /** A cancellation is asked for while the n-th look is under way. */
  readonly cancelInLook?: number;
  /** The server suggests to continue as new after so many checks. */
  readonly longAfterLooks?: number;
}

/** A loop that checks more often than this does not end. */
const MOST_LOOKS = 100;

/** Steps that follow a script, on a clock that only they move, and write down what they were asked for. */
export function scriptSteps(script: Script) {
  const done: string[] = [];
  const told: { readonly state: OrderState; readonly doing: Step }[] = [];
  const seenAsked: SeenItems[] = [];
  const creates: (Parameters<Steps['create']>[0] & { readonly atMs: number })[] = [];
  let nowMs = script.beginMs ?? START_MS;
  let checks = 0;

  const passes = async (text: string, ms: number) => {
    done.push(text);
    nowMs += ms;
  };
  const steps: Steps = {
    nowMs: () => nowMs,
    random: () => script.random ?? 0.5,
    sleep: (ms) => passes(`sleep ${ms}`, ms),
    sleepUnlessCancelled: (ms) => passes(`sleep ${ms} unless cancelled`, ms),
    async validate(seen) {
      if (checks === MOST_LOOKS) throw new Error(`still looking after ${MOST_LOOKS} checks: ${done.join(', ')}`);
      seenAsked.push(seen);
      const items = inTurn(script.checks, checks, []);
      checks += 1;
      await passes('look', script.looksTakeMs ?? 0);
      return { items, asOfMs: nowMs };
    },
    async create(request) {
      const outcome = inTurn(script.outcomes ?? [], creates.length, { kind: 'unknown', reason: 'not scripted' });
      creates.push({ ...request, atMs: nowMs });
      await passes('create', script.createsTakeMs ?? 0);
      return outcome;
    },
    async voidItem(itemId, keep) {
      const result = inTurn(script.voids ?? [], count(done, 'void'), 'voided');
      await passes(`void ${itemId}, keep ${keep}`, 0);
      return result;
    },
    async readGuarantee() {
      const guarantee = inTurn(script.guarantees ?? [], count(done, 'read guarantee'), 'idempotency-key');
      await passes('read guarantee', 0);
      return guarantee;
    },
    cancelRequested: () => checks >= (script.cancelInLook ?? Number.POSITIVE_INFINITY),
    mustContinueAsNew: () => checks >= (script.longAfterLooks ?? Number.POSITIVE_INFINITY),
    onStep: (state, doing) => told.push({ state, doing }),
    onOutcome: (outcome) => done.push(`told ${outcome.kind}`),
  };
  return { steps, done, told, seenAsked, creates };
}

function inTurn<Value>(values: readonly Value[], turn: number, otherwise: Value): Value {
  return values[turn] ?? values.at(-1) ?? otherwise;
}

function count(done: readonly string[], step: string): number {
  return done.filter((each) => each.startsWith(step)).length;
}
