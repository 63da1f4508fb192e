import { expect, test } from '@jest/globals';
import { MINIMAL_ENVIRONMENT } from '../../../src/platform/processes/minimal-environment.ts';
import { waitUntil } from '../../../src/platform/processes/wait-until.ts';
import { startService, UNREACHABLE_URL } from '../../../testbed/processes.ts';
import { withTemporaryFolder } from '../../../testbed/temporary-folder.ts';
import { controlProcess } from '../system/controlled-process.ts';
import { droppedLines } from '../system/process-output.ts';
import { fillLog } from './fill-log.ts';

/** Fills the log of a ticket system while nobody reads it, then waits until it reports dropped lines. */
async function fillUnread(fill: (url: string) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    let url = '';
    let dropped = 0;
    const start = async () => {
      const { child, url: startedAt } = await startService({
        service: 'ticket system',
        env: { ...MINIMAL_ENVIRONMENT, DATABASE_DIR: folder, LOG_LEVEL: 'debug' },
        onLine: (line) => {
          dropped += droppedLines(line);
        },
      });
      url = startedAt;
      return child;
    };
    const unexpected: string[] = [];
    const ticketSystem = await controlProcess('ticket system', start, (what) => unexpected.push(what));
    try {
      await ticketSystem.stallReader(0, () => fill(url));
      await waitUntil(() => dropped > 0, { what: 'a report of dropped lines', timeoutMs: 60_000 });
    } finally {
      await ticketSystem.end();
    }
    expect(unexpected).toEqual([]);
  });
}

test('a ticket system responds while its log is filled and not read; read again, it reports the lines that it dropped', () =>
  fillUnread(async (url) => {
    await fillLog(url);
    // The check can fail.
    await expect(fillLog(UNREACHABLE_URL)).rejects.toThrow('ECONNREFUSED');
  }));
