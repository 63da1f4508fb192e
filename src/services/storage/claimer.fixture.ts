// A program for tests: it has its effect, which is to write the file named by its last argument, and never gets to record
// the result.
import { writeFileSync } from 'node:fs';
import { Type } from 'typebox';
import { createRunOnce } from '../../resilience/run-once.ts';
import { openIdempotencyStore } from './idempotency-store.ts';

const [, , folder = '', key = '', mark = ''] = process.argv;
const runOnce = createRunOnce(await openIdempotencyStore(folder));
setInterval(() => undefined, 60_000);
await runOnce({
  key,
  payload: { amountCents: 100 },
  schema: Type.Null(),
  effect: () => {
    writeFileSync(mark, '');
    return new Promise<null>(() => undefined);
  },
});
