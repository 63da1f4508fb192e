/** What happened to each of many runs. */
export interface LoopResult {
  /** From the first start to the last end, in milliseconds. */
  readonly tookMs: number;
  /** From start to result, of those that completed, in milliseconds. */
  readonly latenciesMs: readonly number[];
  readonly workflowIds: readonly string[];
  readonly errors: readonly unknown[];
}

/**
 * Runs workflows so that a fixed number of them is open: as soon as one has ended, the next one starts.
 * @param run starts one and waits for its end
 */
export async function closedLoop(
  ids: readonly string[],
  concurrency: number,
  run: (id: string) => Promise<string>,
): Promise<LoopResult> {
  const latenciesMs: number[] = [];
  const workflowIds: string[] = [];
  const errors: unknown[] = [];
  const waiting = ids[Symbol.iterator]();
  const startedAt = performance.now();
  const runOneByOne = async () => {
    for (const id of waiting) {
      const runStartedAt = performance.now();
      try {
        workflowIds.push(await run(id));
        latenciesMs.push(performance.now() - runStartedAt);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, runOneByOne));
  return { tookMs: performance.now() - startedAt, latenciesMs, workflowIds, errors };
}
