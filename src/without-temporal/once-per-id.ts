import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Type } from 'typebox';
import type { TransferTerms } from '../contracts/transfer.ts';
import { isAlive } from '../processes/is-alive.ts';
import { createRunOnce } from '../resilience/run-once.ts';
import { openIdempotencyStore } from '../storage/idempotency-store.ts';

const Result = Type.Object({ movedAt: Type.String() });

/**
 * Moves money once for each id, across the processes and crashes of this machine: its record is a file under
 * `move-money/` of the database folder.
 * @returns when it was moved, RFC 3339; that of the first time for an id that was moved before
 * @throws OutcomeUnknown when an earlier run has begun and not ended: this machine cannot know how far it came
 */
export async function moveOncePerId(
  databaseDir: string,
  id: string,
  terms: TransferTerms,
  move: () => Promise<void>,
): Promise<string> {
  await mkdir(databaseDir, { recursive: true });
  const store = await openIdempotencyStore({ folder: path.join(databaseDir, 'move-money'), isAlive });
  const runOnce = createRunOnce(store);
  const { movedAt } = await runOnce({
    key: id,
    payload: terms,
    schema: Result,
    effect: async () => {
      await move();
      return { movedAt: new Date().toISOString() };
    },
    // A step before the one that failed may have moved money.
    nothingHappened: () => false,
  });
  return movedAt;
}
