import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LedgerRecord } from '../src/services/ticket-system/records.ts';
import { HELD_MS, holdResponses, unansweredCreates } from './creates-in-flight.ts';

const NOW_MS = Date.parse('2026-01-01T00:00:00.000Z');

let databaseDir: string;
beforeEach(async () => {
  databaseDir = await mkdtemp(path.join(tmpdir(), 'creates-in-flight-'));
});
afterEach(() => rm(databaseDir, { recursive: true }));

const create = (kind: 'received' | 'committed', orderID: string, agoMs: number): LedgerRecord => {
  const line = { at: new Date(NOW_MS - agoMs).toISOString(), orderID, requestID: `run-${orderID}/5/1` };
  return kind === 'received' ? { kind, ...line } : { kind, ...line, ticketID: `TICKET-${orderID}` };
};

/** @param pending the orders whose create no worker has reported */
async function countWith(lines: readonly LedgerRecord[], pending: readonly string[], share = 1): Promise<number> {
  await writeFile(path.join(databaseDir, 'ledger.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const describeOrder = async (orderId: string) => ({
    runId: `run-${orderId}`,
    pendingActivities: pending.includes(orderId)
      ? [{ activityId: '5', attempt: 1, activityType: { name: 'createTicket' }, lastStartedTime: {} }]
      : [],
  });
  return unansweredCreates(
    { databaseDir, describeOrder, nowMs: () => NOW_MS },
    holdResponses({ seed: 1, preset: 'hostile', share }),
  );
}

const committed = (order: string, agoMs = 10) => [create('received', order, agoMs), create('committed', order, agoMs)];

describe('a create is in flight', () => {
  test('when it is committed, its response is held back, and no worker has reported it', async () => {
    expect(await countWith([...committed('a'), ...committed('b', HELD_MS - 1)], ['a', 'b'])).toBe(2);
  });

  test.each<[string, readonly LedgerRecord[], readonly string[]]>([
    ['its response is out', committed('a', HELD_MS), ['a']],
    ['a worker has reported it', committed('a'), []],
    ['the ticket system has not committed it', [create('received', 'a', 10)], ['a']],
    ['there was none', [], []],
  ])('not when %s', async (_, lines, pending) => {
    expect(await countWith(lines, pending)).toBe(0);
  });

  test('not when its response is not among those that are held back', async () => {
    const orders = Array.from({ length: 100 }, (_, index) => `order-${index}`);
    const inFlight = await countWith(
      orders.flatMap((order) => committed(order)),
      orders,
      0.4,
    );
    expect(inFlight).toBeGreaterThan(20);
    expect(inFlight).toBeLessThan(60);
    expect(await countWith(committed('a'), ['a'], 0)).toBe(0);
  });
});

test('creates whose responses are all held back meet no other faults, and all other calls keep those of the preset', () => {
  const { rules } = holdResponses({ seed: 1, preset: 'hostile', share: 1 });
  const ofCreates = rules.filter(({ point }) => point.startsWith('create.'));
  expect(ofCreates).toEqual([expect.objectContaining({ point: 'create.after-commit', kind: 'delay', probability: 1 })]);
  expect(new Set(rules.map(({ point }) => point))).toContain('validate');
  expect(holdResponses({ seed: 1, preset: 'calm', share: 1 }).rules).toHaveLength(1);
});

test('creates of which only some are held back meet the faults of the preset as well', () => {
  const points = holdResponses({ seed: 1, preset: 'hostile', share: 0.4 }).rules.map(({ point }) => point);
  expect(points[0]).toBe('create.after-commit');
  expect(points).toEqual(expect.arrayContaining(['create.before-commit', 'create.late-commit']));
});
