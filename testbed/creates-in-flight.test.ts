import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LedgerRecord } from '../src/services/ticket-system/records.ts';
import { holdResponses, unansweredCreates } from './creates-in-flight.ts';

let databaseDir: string;
beforeEach(async () => {
  databaseDir = await mkdtemp(path.join(tmpdir(), 'creates-in-flight-'));
});
afterEach(() => rm(databaseDir, { recursive: true }));

const create = (kind: 'received' | 'committed', orderID: string, agoMs: number): LedgerRecord => {
  const line = { at: new Date(Date.now() - agoMs).toISOString(), orderID, requestID: `run-${orderID}/5/1` };
  return kind === 'received' ? { kind, ...line } : { kind, ...line, ticketID: `TICKET-${orderID}` };
};

/** @param pending the orders whose create no worker has reported */
async function countWith(lines: readonly LedgerRecord[], pending: readonly string[]): Promise<number> {
  await writeFile(path.join(databaseDir, 'ledger.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const describeOrder = async (orderId: string) => ({
    runId: `run-${orderId}`,
    pendingActivities: pending.includes(orderId)
      ? [{ activityId: '5', attempt: 1, activityType: { name: 'createTicket' }, lastStartedTime: {} }]
      : [],
  });
  return unansweredCreates({ databaseDir, describeOrder });
}

describe('a create is in flight', () => {
  test('when it is committed, its response is held back, and no worker has reported it', async () => {
    const lines = [create('received', 'a', 20), create('committed', 'a', 10), create('committed', 'b', 10)];
    expect(await countWith(lines, ['a', 'b'])).toBe(2);
  });

  test.each<[string, readonly LedgerRecord[], readonly string[]]>([
    ['its response is out', [create('committed', 'a', 60_000)], ['a']],
    ['a worker has reported it', [create('committed', 'a', 10)], []],
    ['the ticket system has not committed it', [create('received', 'a', 10)], ['a']],
    ['there was none', [], []],
  ])('not when %s', async (_, lines, pending) => {
    expect(await countWith(lines, pending)).toBe(0);
  });
});

test('while responses are held back, every create commits, and all other calls keep the faults of the preset', () => {
  const { rules = [] } = holdResponses({ seed: 1, preset: 'hostile' });
  const ofCreates = rules.filter(({ point }) => point.startsWith('create.'));
  expect(ofCreates).toEqual([expect.objectContaining({ point: 'create.after-commit', kind: 'delay', probability: 1 })]);
  expect(new Set(rules.map(({ point }) => point))).toContain('validate');
  expect(holdResponses({ seed: 1, preset: 'calm' }).rules).toHaveLength(1);
});
