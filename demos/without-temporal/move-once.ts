import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Type } from 'typebox';
import { classifyFailure } from '../../src/resilience/classify.ts';
import { idempotencyKeyOf } from '../../src/resilience/idempotency-key.ts';
import { createRunOnce } from '../../src/resilience/run-once.ts';
import { openIdempotencyStore } from '../../src/services/storage/idempotency-store.ts';
import { notePartsInUse, refuseLostParts } from '../../src/services/storage/parts-in-use.ts';
import { type MoveMoney, moveMoney } from './move-money.ts';

const FOLDER = 'move-money';
const PARTS_NAME = '.move-money.parts.json';

/**
 * Moves money once for each id, across processes and crashes on this machine. The record is a file in `move-money/` of
 * the database folder.
 * @param moving its calls must carry idempotency keys
 * @returns when the money was moved, RFC 3339; for a repeated id, when it was moved the first time
 * @throws DatabaseUnusableError if the records of earlier runs are missing
 * @throws OutcomeUnknown if an earlier run started and did not finish: the record does not say how far it got
 */
export async function moveOncePerId(databaseDir: string, id: string, moving: MoveMoney): Promise<string> {
  await mkdir(databaseDir, { recursive: true, mode: 0o700 });
  await refuseLostParts(databaseDir, PARTS_NAME);
  const store = await openIdempotencyStore(path.join(databaseDir, FOLDER));
  await notePartsInUse(databaseDir, PARTS_NAME, [FOLDER]);
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
    // A refused withdrawal has moved nothing. A refused deposit comes after a successful withdrawal.
    hadNoEffect: (error) => !withdrawn && classifyFailure(error).kind === 'permanent',
  });
}
