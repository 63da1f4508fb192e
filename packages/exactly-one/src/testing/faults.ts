import { createHash } from 'node:crypto';
import { checkOptions, type Rule } from '../contract/check-options.ts';
import { TIMINGS_RULES } from '../contract/timing-rules.ts';
import type { Timings } from '../protocol/timings.ts';

/** Where a scripted service fails: before an effect, by making it late, after it, or when it lists. */
export type FaultPoint = 'create.before' | 'create.late' | 'create.after' | 'list' | 'void.before' | 'void.after';

/**
 * `error`: 500. `not found`: 404. `redirect`: 307 to another place of the same service. `reset`: the connection ends
 * without a response. `hang`: no response at all. `refusal`: a code with which the service says that it has not acted,
 * after an effect a lie. `truncated`: the body ends in the middle. `malformed`: it is no JSON. `mistyped`: it is JSON,
 * but not what was asked for. `error with item`, `accepted with item`, of creates: 500 or 202, with the body of a created
 * item; before the effect, of one that does not exist. `stale`, of lists: an older state, with its older time. `delay`: a late effect; of a list,
 * a late response. `accept`, of a late create: the service accepts it (202) and has the effect later; `accept in vain`: it
 * never has one.
 */
export type FaultKind =
  | 'error'
  | 'not found'
  | 'redirect'
  | 'reset'
  | 'hang'
  | 'refusal'
  | 'truncated'
  | 'malformed'
  | 'mistyped'
  | 'error with item'
  | 'accepted with item'
  | 'stale'
  | 'delay'
  | 'accept'
  | 'accept in vain';

export interface Fault {
  readonly kind: FaultKind;
  /** Of a `delay` or an accepted create, in milliseconds; of `stale`, how old the state is at least. Default 0. */
  readonly delayMs?: number;
  /** Of a `delay` or an accepted create: lasts until this has settled. Default: `delayMs`. */
  readonly until?: Promise<unknown>;
}

export interface Faults {
  /** The fault of this call, if any. Called once for each request at each point that it reaches. */
  decide(point: FaultPoint, orderId: string): Fault | undefined;
}

/** A fault that hits a part of the calls. Of several rules that hit a call, the first one counts. */
export interface FaultRule extends Omit<Fault, 'until'> {
  readonly point: FaultPoint;
  /** From 0 to 1. */
  readonly probability: number;
}

const SEEDED_RULES: Readonly<Record<string, Rule>> = {
  seed: { isValid: (seed) => Number.isSafeInteger(seed), allowed: 'a whole number' },
  rules: { isValid: Array.isArray, allowed: 'a list of rules, such as those of faultRules' },
};

/**
 * Faults by rules. A decision depends on the seed, the point, the order and the number of its earlier calls there, never
 * on timing.
 */
export function seededFaults(seed: number, rules: readonly FaultRule[]): Faults {
  checkOptions('seededFaults', { seed, rules }, SEEDED_RULES);
  const calls = new Map<string, number>();
  return {
    decide(point, orderId) {
      const key = `${point} ${orderId}`;
      const call = (calls.get(key) ?? 0) + 1;
      calls.set(key, call);
      const hits = (rule: FaultRule, index: number) =>
        rule.point === point && randomFrom([seed, point, orderId, call, index]) < rule.probability;
      return rules.find(hits);
    },
  };
}

/**
 * Faults at every point. Late effects come before the fence, and within the time that the late watch covers. Only if the
 * timings have `acceptWithinMs`, creates are accepted, and finished within this time or never.
 */
export function faultRules(timings: Timings): readonly FaultRule[] {
  checkOptions('faultRules', { timings }, TIMINGS_RULES);
  const { createDeadlineMs, settleMs, acceptWithinMs = 0 } = timings;
  const late = (probability: number, delayMs: number) =>
    ({ point: 'create.late', kind: 'delay', probability, delayMs }) as const;
  return [
    { point: 'create.before', kind: 'error', probability: 0.15 },
    { point: 'create.before', kind: 'hang', probability: 0.05 },
    ...(acceptWithinMs > 0 ? acceptRules(acceptWithinMs) : []),
    late(0.15, createDeadlineMs + settleMs / 2),
    late(0.15, afterFenceMs(timings)),
    ...(
      [
        ['reset', 0.2],
        ['error', 0.15],
        ['refusal', 0.15],
        ['hang', 0.05],
        ['truncated', 0.1],
        ['malformed', 0.1],
      ] as const
    ).map(([kind, probability]) => ({ point: 'create.after', kind, probability }) as const),
    ...(
      [
        ['stale', 0.15],
        ['error', 0.1],
        ['not found', 0.05],
        ['reset', 0.05],
        ['truncated', 0.05],
        ['mistyped', 0.05],
      ] as const
    ).map(([kind, probability]) => ({ point: 'list', kind, probability }) as const),
    { point: 'void.before', kind: 'error', probability: 0.2 },
    { point: 'void.after', kind: 'reset', probability: 0.2 },
  ];
}

function acceptRules(acceptWithinMs: number): readonly FaultRule[] {
  return (
    [
      ['accept', 0.2, acceptWithinMs / 2],
      ['accept', 0.2, acceptWithinMs],
      ['accept in vain', 0.15, acceptWithinMs],
    ] as const
  ).map(([kind, probability, delayMs]) => ({ point: 'create.late', kind, probability, delayMs }) as const);
}

/** A time after its arrival when a create is past its fence and the late watch of its order still runs. */
export function afterFenceMs({ createDeadlineMs, settleMs, acceptWithinMs = 0, lateWatchMs }: Timings): number {
  return createDeadlineMs + acceptWithinMs + settleMs + lateWatchMs.reduce((sum, each) => sum + each, 0) / 2;
}

/** A number in [0, 1) that looks random but is always the same for the same parts. */
function randomFrom(parts: readonly (string | number)[]): number {
  return createHash('sha256').update(JSON.stringify(parts)).digest().readUIntBE(0, 6) / 2 ** 48;
}
