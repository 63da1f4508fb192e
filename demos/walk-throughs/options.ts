import type { Guarantee } from 'exactly-one';

/** What can be set for a demo on its command line. */
export interface DemoOptions {
  /** Default 20 in the main scenario, fewer in the others. */
  readonly orders?: number;
  readonly seed: number;
  /** Of the ticket system. */
  readonly mode: Guarantee;
  /** A preset of the ticket system's faults. */
  readonly faults?: string;
  readonly json: boolean;
  /** Leaves everything running until Ctrl-C. */
  readonly keep: boolean;
}

/** A demo plays on a stage and says whether it went as it must. */
export interface DemoResult {
  readonly ok: boolean;
  /** Printed as the last line, or as JSON. */
  readonly summary: string;
  readonly details: unknown;
}
