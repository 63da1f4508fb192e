import { setImmediate as otherWork } from 'node:timers/promises';

const STEP = 500;

/**
 * Iterates over a long list without holding up anything else in this process.
 * @param signal stops the iteration
 * @throws the reason of the signal
 */
export async function* inSteps<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item> {
  let count = 0;
  for await (const item of items) {
    signal?.throwIfAborted();
    if (count % STEP === 0) await otherWork();
    count += 1;
    yield item;
  }
}
