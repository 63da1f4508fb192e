import type { Narrator } from '../../testbed/narrator.ts';

/** Where a measurement says how far it is, and what ends it. */
export interface Progress {
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
}
