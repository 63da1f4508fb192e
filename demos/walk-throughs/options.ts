import type { Guarantee } from 'exactly-one';

/** The options of a demo on the command line. */
export interface DemoOptions {
  /** How many orders or transfers; default 20 in the main demo, fewer in the others. */
  readonly orders?: number;
  readonly seed: number;
  /** The guarantee of the ticket system. */
  readonly mode: Guarantee;
  /** A fault preset of the service that the demo calls. */
  readonly faults?: string;
  /** Waits for Enter before each act. */
  readonly step: boolean;
  readonly json: boolean;
  /** Leaves everything running after the verdict, until Ctrl-C. */
  readonly keep: boolean;
}

/** How a demo ended. */
export interface DemoResult {
  readonly ok: boolean;
  /** The verdict line, printed last. */
  readonly summary: string;
  /** Printed with `--json` instead. */
  readonly details: unknown;
}
