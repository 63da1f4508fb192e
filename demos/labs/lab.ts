/** A small program that demonstrates one pattern of `src/resilience/`. */
export interface Lab {
  /** What it shows, in one line. */
  readonly shows: string;
  run(options: LabOptions): Promise<LabReport>;
}

export interface LabOptions {
  /** Of faults and delays: the same seed gives the same figures. */
  readonly seed: number;
}

export interface LabReport<Figures extends object = object> {
  /** Whether the pattern did what it promises. */
  readonly ok: boolean;
  /** For people; at most 80 columns. */
  readonly lines: readonly string[];
  /** What the figures show, in one or two sentences. */
  readonly summary: string;
  /** For programs. */
  readonly figures: Figures;
}
