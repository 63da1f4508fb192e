import { createHash } from 'node:crypto';
import { DEFAULT_DELAY_MS, type FaultKind, type FaultRule } from './fault-rules.ts';

/** How many pairs of point and subject are counted. Beyond that, the pair that was used least recently is forgotten. */
const MAX_COUNTED_SUBJECTS = 100_000;

export interface Fault {
  readonly kind: FaultKind;
  /** Infinity: a `timeout` that never gets a response. */
  readonly delayMs: number;
  /** In [0, 1): selects one of the variants of a kind. */
  readonly variant: number;
}

export type FaultChoice<Point extends string> =
  | { readonly seed: number; readonly preset: string }
  | { readonly seed: number; readonly rules: readonly FaultRule<Point>[] };

/** The current plan, with the rules of its preset. */
export interface FaultPlanState<Point extends string> {
  readonly seed: number;
  readonly preset?: string;
  readonly rules: readonly FaultRule<Point>[];
}

export interface FaultPlan<Point extends string> {
  /**
   * The fault of this call, if any. It depends on the seed, the point, the subject and the number of earlier calls with
   * this subject at this point, never on timing, so the same plan hits the same calls again.
   * @param subject what the call is about, such as an order id; may be empty
   */
  decide(point: Point, subject: string): Fault | undefined;
  state(): FaultPlanState<Point>;
  /**
   * Replaces the plan; the counts of calls start again.
   * @throws UnknownPresetError
   */
  choose(choice: FaultChoice<Point>): void;
}

/** There is no preset with this name; the message lists the presets. */
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
    if (calls.size > MAX_COUNTED_SUBJECTS && oldest.done !== true) calls.delete(oldest.value);
    return call;
  }

  return {
    decide(point, subject) {
      // Counts start again with the next plan, so calls that this one never hits need none.
      if (!state.rules.some((rule) => rule.point === point)) return undefined;
      const call = nextCall(point, subject);
      const draw = (what: string) => randomFrom([state.seed, point, subject, call, what]);
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
      `"${choice.preset}" is not a fault preset: use one of ${Object.keys(presets).join(', ')}`,
    );
  }
  return { ...choice, rules };
}

/** A number in [0, 1) that looks random but is always the same for the same parts. */
function randomFrom(parts: readonly (string | number)[]): number {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
