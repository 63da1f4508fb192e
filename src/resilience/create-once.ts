import AsyncLock from 'async-lock';

export type Decision = 'exists already' | 'created' | 'somebody else was first';

/** One at a time for each resource, whoever in this process asks. */
const lock = new AsyncLock({ maxPending: Number.POSITIVE_INFINITY });

/**
 * Creates a resource unless it is there: checks first, and checks again when somebody else was faster. Callers of this
 * process wait for each other; those of others need a `create` that refuses what exists, as `createFileOnce` does.
 * A repetition after a failure is safe: it finds what the failed one made.
 * @param resourceId names the kind too: `reservation of order-1`
 * @returns the resource, the same one to all, and how it came
 * @throws what `exists` and `create` throw; Error when `create` says that it exists and it cannot be found
 */
export async function createOnce<Resource extends object>(
  resourceId: string,
  {
    exists,
    create,
    log,
  }: {
    readonly exists: () => Promise<Resource | undefined>;
    /** Gives what it made, or says that somebody else had made it. */
    readonly create: () => Promise<Resource | 'exists'>;
    readonly log?: (decision: Decision, resourceId: string) => void;
  },
): Promise<{ readonly resource: Resource; readonly decision: Decision }> {
  const decided = (resource: Resource, decision: Decision) => {
    log?.(decision, resourceId);
    return { resource, decision };
  };
  return lock.acquire(resourceId, async () => {
    const there = await exists();
    if (there !== undefined) return decided(there, 'exists already');
    const made = await create();
    if (made !== 'exists') return decided(made, 'created');
    const found = await exists();
    if (found === undefined) throw new Error(`${resourceId} exists, and cannot be found: somebody removes it`);
    return decided(found, 'somebody else was first');
  });
}
