// A program for tests: it has its effect, which is to write the file named by its last argument, and is killed before it
// can record the result.
import { writeFileSync } from 'node:fs';
import { Type } from 'typebox';
import { createRunOnce } from '../../resilience/run-once.ts';
import { openIdempotencyStore } from './idempotency-store.ts';

const [, , folder = '', key = '', mark = ''] = process.argv;
const runOnce = createRunOnce(await openIdempotencyStore({ folder, isAlive: () => true }));
await runOnce({
  key,
  payload: { amountCents: 100 },
  schema: Type.Null(),
  effect: async () => {
    writeFileSync(mark, '');
    process.kill(process.pid, 'SIGKILL');
    return await new Promise<null>(() => undefined);
  },
});
