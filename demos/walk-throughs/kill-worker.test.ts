import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { HELD_MS, holdResponses } from '../../testbed/creates-in-flight.ts';
import type { Stage } from '../../testbed/stage.ts';
import { killDuringCreates, killedTexts } from './kill-worker.ts';

const NOW_MS = Date.parse('2026-01-01T00:00:00.000Z');

let databaseDir: string;
beforeEach(async () => {
  databaseDir = await mkdtemp(path.join(tmpdir(), 'kill-worker-'));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(databaseDir, { recursive: true });
});

test('a kill claims the creates that it has hit', () => {
  expect(killedTexts(7, 1)[0]).toBe('killed worker 7 (SIGKILL) with 1 create in flight');
  expect(killedTexts(7, 3)[0]).toBe('killed worker 7 (SIGKILL) with 3 creates in flight');
});

test('a kill that hits no create is reported as a miss', () => {
  const [first, second] = killedTexts(7, 0);
  expect(first).toBe('killed worker 7 (SIGKILL), but no create was in flight');
  expect(second).toContain('does not show what a crash during a create does');
});

test('a kill has hit a create that was in flight then, however long the worker takes to end', async () => {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(NOW_MS);
  const line = { at: new Date(NOW_MS - 10).toISOString(), orderID: 'order-1', requestID: 'run-1/5/1' };
  const ledger = [
    { kind: 'received', ...line },
    { kind: 'committed', ...line, ticketID: 'TICKET-1' },
  ];
  await writeFile(path.join(databaseDir, 'ledger.jsonl'), ledger.map((each) => `${JSON.stringify(each)}\n`).join(''));
  const pendingActivities = [
    { activityId: '5', attempt: 1, activityType: { name: 'createTicket' }, lastStartedTime: {} },
  ];
  const handle = { describe: async () => ({ runId: 'run-1', raw: { pendingActivities } }) };
  const client = { workflow: { getHandle: () => handle } } as unknown as Stage['client'];
  const worker = {
    pid: 7,
    async kill() {
      await Promise.resolve();
      clock.mockReturnValue(NOW_MS + HELD_MS);
      return { code: null, signal: 'SIGKILL' } as const;
    },
  };
  const steps: string[] = [];
  const narrator = {
    during: <T>(_what: string, work: Promise<T>) => work,
    step: (text: string) => void steps.push(text),
    detail: () => undefined,
  };
  const held = holdResponses({ seed: 1, preset: 'calm', share: 1 });
  expect(await killDuringCreates({ client, databaseDir }, worker, held, 1, narrator)).toBe(1);
  expect(steps).toEqual(['killed worker 7 (SIGKILL) with 1 create in flight']);
});
