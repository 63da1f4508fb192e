import type { KillMoment } from './kill-moment.ts';

/** What a strategy made of an order, by its own account. */
export interface EndedOrder {
  readonly orderId: string;
  /** `nothing`: it had not ended when it was no longer waited for. */
  readonly said: 'ticket' | 'failure' | 'nothing';
  /** From its submission to its end. */
  readonly tookMs: number;
}

/** The orders of a strategy, from their submission to their ends. */
export interface StrategyRun {
  /** When its worker, or the script, was killed. */
  readonly killed: KillMoment;
  readonly ended: readonly EndedOrder[];
}

/** What is told of a run while it goes on. */
export interface RunWatch {
  readonly killed: (moment: KillMoment) => void;
  /** How many orders have ended. */
  readonly ended: (count: number) => void;
}

/** How long orders are waited for; one that takes longer is stopped. */
export const END_WITHIN_MS = 300_000;
