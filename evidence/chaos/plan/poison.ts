import { messages } from '../../../src/contracts/workflow-names.ts';
import { POISON_PAYLOADS } from '../../../testbed/poison-payloads.ts';
import { createSeededRandom, type SeededRandom } from '../../../testbed/seeded-random.ts';
import { createDeck } from './deck.ts';

/** A signal that no workflow expects: its payload cannot be decoded, has the wrong form or is too large. */
export interface PlannedPoison {
  /** Since the start of the round. */
  readonly atMs: number;
  /** Which workflows; where none of them is running, any other. */
  readonly target: 'order' | 'late watch';
  /** Which of those that are running then, from the first (0) to the last (1). */
  readonly position: number;
  readonly signal: string;
  readonly payload: keyof typeof POISON_PAYLOADS;
}

const FIRST_AFTER_MS = 500;
const AVERAGE_INTERVAL_MS = 500;

/** One that workflows handle, one that they do not, and one that the SDK treats in a way of its own. */
const SIGNALS = [messages.giveUp, messages.giveUp, 'unknown', '__temporal_unknown'] as const;

/** Late watches run on when no more orders are submitted. */
const ALSO_AFTER_ACTIVE_MS = 12_000;

/** The poison of a round. It has a random generator of its own, so that all else stays as planned. */
export function planPoison(seed: number, round: number, activeMs: number): readonly PlannedPoison[] {
  const random = createSeededRandom(seed + 32_452_843 * round);
  const planned: PlannedPoison[] = [];
  const nextPayload = createDeck(random, payloadNames());
  for (
    let atMs = FIRST_AFTER_MS;
    atMs < activeMs + ALSO_AFTER_ACTIVE_MS;
    atMs += random.between(0, 2 * AVERAGE_INTERVAL_MS)
  ) {
    planned.push({ atMs, payload: nextPayload(), ...drawTarget(random) });
  }
  return planned;
}

function drawTarget(random: SeededRandom) {
  return {
    target: random.chance(0.5) ? 'order' : 'late watch',
    position: random.next(),
    signal: random.pick(SIGNALS),
  } as const;
}

function payloadNames(): PlannedPoison['payload'][] {
  // The keys of an object literal are known.
  return Object.keys(POISON_PAYLOADS) as PlannedPoison['payload'][];
}
