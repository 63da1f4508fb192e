/** A small program that shows one pattern of `src/resilience/` at work. */
export interface Lab {
  /** What it shows, in a line. */
  readonly shows: string;
  run(options: LabOptions): Promise<LabReport>;
}

export interface LabOptions {
  /** Of faults and delays: the same seed gives the same figures. */
  readonly seed: number;
}

/** What a lab has found. */
export interface LabReport<Figures extends object = object> {
  /** Whether everything came as the pattern promises. */
  readonly ok: boolean;
  /** Of at most 80 columns, for people. */
  readonly lines: readonly string[];
  /** What was learnt, with the measured figures. */
  readonly learnt: string;
  /** The same, for programs. */
  readonly figures: Figures;
}
