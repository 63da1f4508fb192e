/** What was found, and why the search ended: at the end of the ids, with enough of them, or with enough looked at. */
export interface Taken<Each> {
  readonly taken: readonly Each[];
  readonly ended: 'complete' | 'enough' | 'too many';
}

interface Search<Each> {
  /** Looks at several at once. What has disappeared is left out. */
  readonly lookAt: (ids: readonly string[]) => Promise<readonly Each[]>;
  readonly isWanted: (each: Each) => boolean;
  readonly limit: number;
  readonly batchSize: number;
  readonly maxLookedAt: number;
  /** Aborted when nobody waits for the result. */
  readonly signal: AbortSignal;
}

/**
 * Takes the first ones that are wanted. An id that comes several times counts once.
 * @param ids are read no further than needed
 */
export async function takeWanted<Each>(
  ids: AsyncIterable<string>,
  { lookAt, isWanted, limit, batchSize, maxLookedAt, signal }: Search<Each>,
): Promise<Taken<Each>> {
  const taken: Each[] = [];
  const known = new Set<string>();
  let batch: string[] = [];
  const take = async () => {
    const looks = await lookAt(batch);
    taken.push(...looks.filter(isWanted));
    batch = [];
  };
  for await (const id of ids) {
    if (signal.aborted) break;
    if (known.has(id)) continue;
    if (taken.length >= limit) return { taken: taken.slice(0, limit), ended: 'enough' };
    if (known.size === maxLookedAt) return { taken, ended: 'too many' };
    known.add(id);
    batch.push(id);
    if (batch.length === batchSize || known.size === maxLookedAt) await take();
  }
  if (batch.length > 0) await take();
  return { taken: taken.slice(0, limit), ended: taken.length > limit ? 'enough' : 'complete' };
}
