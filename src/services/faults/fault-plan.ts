import { createHash } from 'node:crypto';
import { DEFAULT_DELAY_MS, type FaultKind, type FaultRule } from './fault-rules.ts';

/** Calls are counted for so many pairs of point and subject; beyond that the oldest are forgotten and count anew. */
const MOST_COUNTED_SUBJECTS = 100_000;

export interface Fault {
  readonly kind: FaultKind;
  /** Infinity: a `timeout` that nobody ever answers. */
  readonly delayMs: number;
  /** In [0, 1): chooses among the ways in which a kind can show. */
  readonly variant: number;
}

export type FaultChoice<Point extends string> =
  | { readonly seed: number; readonly preset: string }
  | { readonly seed: number; readonly rules: readonly FaultRule<Point>[] };

/** The plan in force, with the rules of its preset written out. */
export interface FaultPlanState<Point extends string> {
  readonly seed: number;
  readonly preset?: string;
  readonly rules: readonly FaultRule<Point>[];
}

export interface FaultPlan<Point extends string> {
  /**
   * The fault that strikes this call, if any. It depends on the seed, the point, the subject and on how many calls this
   * subject has made at this point, never on timing: the same plan breaks the same calls again.
   * @param subject whom the call is about, such as an order id; empty when it is about nobody
   */
  decide(point: Point, subject: string): Fault | undefined;
  state(): FaultPlanState<Point>;
  /**
   * Replaces the plan; calls are counted from the beginning.
   * @throws UnknownPresetError
   */
  choose(choice: FaultChoice<Point>): void;
}

/** There is no preset of that name; the message lists those that there are. */
export class UnknownPresetError extends Error {
  override readonly name = 'UnknownPresetError';
}

/** A fault plan that can be changed while its service runs. */
export function createFaultPlan<Point extends string>(
  presets: Readonly<Record<string, readonly FaultRule<Point>[]>>,
  first: FaultChoice<Point>,
): FaultPlan<Point> {
  let state = stateOf(first, presets);
  let calls = new Map<string, number>();

  function nextCall(point: Point, subject: string): number {
    const key = `${point} ${subject}`;
    const call = (calls.get(key) ?? 0) + 1;
    calls.delete(key);
    calls.set(key, call);
    const oldest = calls.keys().next();
    if (calls.size > MOST_COUNTED_SUBJECTS && oldest.done !== true) calls.delete(oldest.value);
    return call;
  }

  return {
    decide(point, subject) {
      const call = nextCall(point, subject);
      const draw = (what: string) => drawn([state.seed, point, subject, call, what]);
      const hit = state.rules.find((rule, index) => rule.point === point && draw(`rule ${index}`) < rule.probability);
      if (hit === undefined) return undefined;
      const defaultDelayMs = hit.kind === 'timeout' ? Number.POSITIVE_INFINITY : DEFAULT_DELAY_MS;
      return { kind: hit.kind, delayMs: hit.delayMs ?? defaultDelayMs, variant: draw('variant') };
    },
    state: () => state,
    choose(choice) {
      state = stateOf(choice, presets);
      calls = new Map();
    },
  };
}

function stateOf<Point extends string>(
  choice: FaultChoice<Point>,
  presets: Readonly<Record<string, readonly FaultRule<Point>[]>>,
): FaultPlanState<Point> {
  if ('rules' in choice) return choice;
  const rules = Object.hasOwn(presets, choice.preset) ? presets[choice.preset] : undefined;
  if (rules === undefined) {
    throw new UnknownPresetError(
      `"${choice.preset}" is no preset of faults: expected one of ${Object.keys(presets).join(', ')}`,
    );
  }
  return { ...choice, rules };
}

/** A number in [0, 1) that checks random and is always the same for the same parts. */
function drawn(parts: readonly (string | number)[]): number {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
