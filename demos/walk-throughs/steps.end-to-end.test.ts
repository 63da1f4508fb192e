import { expect, test } from '@jest/globals';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { runningWorkers } from '../../src/worker/running-workers.ts';
import { inTerminal, keys } from '../../testbed/terminal/terminal.ts';

const COLUMNS = 80;

test('with --step a demo waits for Enter before each act, and its kill hits the create that it claims', async () => {
  const program = {
    command: process.execPath,
    args: ['scripts/run.mjs', 'demos/walk-throughs/main.ts', 'crash', '--step', '--mode', 'deadline'],
    env: { ...MINIMAL_ENVIRONMENT, TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS },
    columns: COLUMNS,
    rows: 24,
  };
  await inTerminal(program, async ({ allRows, untilShows, type, exitCode }) => {
    const pressEnterAt = async (act: RegExp) => {
      await untilShows(act);
      await untilShows((screen) => screen.some((row) => row.includes('Enter: go on')));
      type(keys.enter);
    };
    await pressEnterAt(/^Act 1 · The worker is killed/);
    await untilShows(/submitted 1 order$/);
    await pressEnterAt(/^Act 2 · A new worker$/);
    expect(allRows().join('\n')).not.toContain('started worker');
    await untilShows(/^Act 3 · The verdict$/);
    // Its worker runs, but not for those who kill or change their own.
    const recorded = await runningWorkers('database');
    expect(recorded.filter(({ details }) => details.taskQueue.startsWith('demo-'))).toEqual([]);
    await pressEnterAt(/^Act 3 · The verdict$/);

    expect(await exitCode).toBe(0);
    const text = allRows().join('\n');
    expect(text).toContain('(SIGKILL) with 1 create in flight');
    // The history agrees: nobody has reported the create, although it has made the ticket.
    expect(text).toMatch(/createTicket +timed out/);
    expect(text).toContain('found by validating');
    expect(allRows().at(-1)).toBe('1 order, 1 ticket, 0 duplicates, 0 lost');
    expect(text).not.toContain('Enter');
  });
});
