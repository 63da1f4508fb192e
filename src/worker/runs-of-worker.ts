/** So many runs are remembered, the last that were started or resumed. */
const MAX_RUNS = 10_000;

/** A failed workflow task is repeated at once, and again within milliseconds; the next one comes after seconds. */
const REPEATED_WITHIN_MS = 2_000;

interface Run {
  readonly workflowId: unknown;
  /** Of its last workflow task, and when that was logged. */
  failure?: { readonly message: string; readonly atMs: number };
}

/**
 * The runs that this worker has started or resumed. A run that is read again later, because it was evicted from the
 * worker's cache, is no news.
 */
export function createRunsOfWorker() {
  const runs = new Map<unknown, Run>();
  return {
    /** @returns whether this worker did not know it */
    add(runId: unknown, workflowId: unknown): boolean {
      if (runs.has(runId)) return false;
      runs.set(runId, { workflowId });
      for (const oldest of runs.keys()) {
        if (runs.size <= MAX_RUNS) break;
        runs.delete(oldest);
      }
      return true;
    },
    workflowIdOf: (runId: unknown) => runs.get(runId)?.workflowId,
    /**
     * Notes that a workflow task of the run has failed.
     * @returns whether that is news, and not what was logged a moment ago
     */
    failed(runId: unknown, message: string, nowMs: number): boolean {
      const run = runs.get(runId);
      if (run === undefined) return true;
      const { failure } = run;
      if (failure?.message === message && nowMs - failure.atMs < REPEATED_WITHIN_MS) return false;
      run.failure = { message, atMs: nowMs };
      return true;
    },
  };
}
