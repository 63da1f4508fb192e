import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MINIMAL_ENVIRONMENT } from '../../../src/platform/processes/minimal-environment.ts';
import { inTerminal, keys } from '../../../testbed/terminal/terminal.ts';
import { createOrderEnvironment, type OrderEnvironment } from '../order-environment.ts';

/** A worker that calls a ticket system where nothing listens. */
let failing: OrderEnvironment;
let withoutWorker: OrderEnvironment;
beforeAll(async () => {
  failing = await createOrderEnvironment('http://127.0.0.1:9');
  withoutWorker = await createOrderEnvironment('http://127.0.0.1:9', { withWorker: false });
});
afterAll(async () => {
  await withoutWorker.close();
  await failing.close();
});

const ORDERS_WAIT = expect.stringMatching(/^… 30 orders wait/);
const SUMMARY = expect.stringMatching(/^0\/30 done · 30/);

/** The rows of the live view. */
function viewIn(rows: readonly string[]): readonly string[] {
  return rows.filter((row) => /^… 30 orders|^0\/30 done/.test(row));
}

describe('orders that wait', () => {
  test.concurrent.each([
    [120, 40],
    [80, 24],
    [40, 10],
  ])(
    'on a terminal of %d x %d, the screen says for what, and Ctrl-C leaves it clean and says how to look again',
    async (columns, rows) => {
      await inTerminal(
        starter(withoutWorker, columns, rows, '--count', '30'),
        async ({ untilShows, screen, allRows, printed, type, resize, exitCode, emulator }) => {
          await untilShows(/^0\/30 done · 30 waiting for a worker/);
          expect(viewIn(screen())).toEqual([ORDERS_WAIT, SUMMARY]);
          for (const width of [Math.round(columns * 0.6), columns]) {
            resize(width, rows);
            // Also after it has been drawn again.
            const before = printed().length;
            await untilShows(() => printed().length > before + 2 * width);
            await untilShows((shown) => viewIn(shown).length === 2);
          }
          type(keys.ctrlC);
          expect(await exitCode).toBe(1);
          expect(viewIn(allRows())).toEqual([]);
          // Wrapped at words.
          expect(allRows().join(' ')).toContain('detached: 30 of 30 orders are still running');
          expect(allRows().join('')).toContain('npm run starter -- status order-');
          expect(allRows().join('')).not.toContain('^C');
          expect(emulator.buffer.active.cursorX).toBe(0);
        },
      );
    },
  );

  test('their attempt and their last error are shown while an activity fails', async () => {
    await inTerminal(starter(failing, 80, 24, 'failing-1', 'failing-2'), async ({ untilShows, allRows, emulator }) => {
      await untilShows(/^! failing-1 {2}getToken attempt \d+: .*ECONNREFUSED/);
      await untilShows(/^0\/2 done · 2 retrying/);
      // A line that is too long would go on in the next row.
      expect(allRows().filter((_, row) => emulator.buffer.active.getLine(row)?.isWrapped)).toEqual([]);
    });
  });
});

function starter(world: OrderEnvironment, columns: number, rows: number, ...args: readonly string[]) {
  const { address, taskQueue } = world;
  return {
    ...{ command: process.execPath, args: ['scripts/run.mjs', 'src/starter/main.ts', 'order', ...args], columns, rows },
    env: { ...MINIMAL_ENVIRONMENT, TEMPORAL_ADDRESS: address, TASK_QUEUE: taskQueue },
  };
}
