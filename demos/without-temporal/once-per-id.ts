import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Type } from 'typebox';
import { isAlive } from '../../src/platform/processes/is-alive.ts';
import { classifyFailure } from '../../src/resilience/classify.ts';
import { idempotencyKeyOf } from '../../src/resilience/idempotency-key.ts';
import { createRunOnce } from '../../src/resilience/run-once.ts';
import { openIdempotencyStore } from '../../src/services/storage/idempotency-store.ts';
import { type MoveMoney, moveMoney } from './move-money.ts';

/**
 * Moves money once for each id, across the processes and crashes of this machine: its record is a file under
 * `move-money/` of the database folder.
 * @param moving its calls carry idempotency keys
 * @returns when it was moved, RFC 3339; that of the first time for an id that was moved before
 * @throws OutcomeUnknown when an earlier run has begun and not ended: this machine cannot know how far it came
 */
export async function moveOncePerId(databaseDir: string, id: string, moving: MoveMoney): Promise<string> {
  await mkdir(databaseDir, { recursive: true });
  const store = await openIdempotencyStore({ folder: path.join(databaseDir, 'move-money'), isAlive });
  const runOnce = createRunOnce(store);
  let withdrawn = false;
  return runOnce({
    key: idempotencyKeyOf('move-money', moving.terms, id),
    payload: moving.terms,
    schema: Type.String(),
    effect: async () => {
      await moveMoney(moving, () => {
        withdrawn = true;
      });
      return new Date().toISOString();
    },
    // A refused withdrawal has moved nothing under its key; a refused deposit comes after a withdrawal.
    nothingHappened: (error) => !withdrawn && classifyFailure(error).kind === 'permanent',
  });
}
