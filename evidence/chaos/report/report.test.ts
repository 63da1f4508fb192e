import { expect, it } from '@jest/globals';
import { reportLines, unmetIn } from './report.ts';
import { sumOf, tallyRound } from './tally.ts';

const START_MS = 1_000_000;

/** A round with two stops and one order, which completed this long after the start. */
function roundOf(completedAfterMs: number) {
  const closing = { atMs: START_MS + completedAfterMs, status: 'completed' } as const;
  const run = { runId: 'run', startedAtMs: START_MS, resumed: false, cancelRequested: false, steps: [], closing };
  const order = { orderId: 'one', cancelledByClient: false, returnedTicketIds: ['T1'], runs: [run], watches: [] };
  const received = { kind: 'received', at: '2026-01-01T00:00:00.000Z', orderID: 'one', requestID: 'run/5/1' };
  return tallyRound({
    evidence: { orders: [order], files: [{ path: 'ledger.jsonl', text: `${JSON.stringify(received)}\n` }] },
    actions: [{ at: '', orderId: 'one', action: 'submit', outcome: 'started' }],
    stops: [
      { process: 'worker 1', kind: 'SIGKILL', atMs: START_MS, backAtMs: START_MS + 1 },
      // No order completed after this stop, so it has no recovery time.
      { process: 'ticket system', kind: 'SIGSTOP', atMs: START_MS + 9_000, backAtMs: START_MS + 9_500 },
    ],
    moves: [{ part: 'tickets' }, { part: 'database folder' }, { part: 'tickets' }],
    refused: 7,
    poison: [{ target: 'order' }, { target: 'late watch' }, { target: 'order' }],
    stalls: [{ process: 'worker 2' }, { process: 'ticket system' }, { process: 'worker 2' }],
    droppedLines: 12,
    faults: [{ point: 'vault', kind: 'delay' }],
  });
}

it('rounds add up, and a recovery time ends when the next order completes', () => {
  const tally = sumOf([roundOf(100), roundOf(300), roundOf(2_000)]);
  expect(tally).toMatchObject({
    ...{ orders: 3, createsReceived: 3, endings: { completed: 3 }, faults: { vault: { delay: 3 } }, clients: {} },
    stops: { 'worker 1': { SIGKILL: 3 }, 'ticket system': { SIGSTOP: 3 } },
    recovery: { 'worker 1': { stops: 3, p50: 300, p95: 2_000, max: 2_000 }, any: { stops: 3 } },
  });
});

it('a run that filled a log without a dropped line says so', () => {
  const { stalls } = sumOf([roundOf(100)]);
  expect(unmetIn({ stalls, droppedLines: 0 })).toEqual([
    'the log of the ticket system was filled 1 time while nobody read it, but no dropped line was reported',
  ]);
  expect(unmetIn({ stalls, droppedLines: 1 })).toEqual([]);
  expect(unmetIn({ stalls: { 'worker 1': 1 }, droppedLines: 0 })).toEqual([]);
});

it('the report shows what was counted, and each violation', () => {
  const report = { ...sumOf([roundOf(100)]), seed: 7, minutes: 1, rounds: 1, invariants: [], unexpected: [] };
  const sound = reportLines({ ...report, violations: [] }).join('\n');
  expect(sound).toMatch(/^1 order in 1\.0 minutes and 1 round, seed 7$/m);
  expect(sound).toMatch(/^ {2}worker 1 +1 +0 +0 +0\.1 s, 0\.1 s, 0\.1 s$/m);
  expect(sound).toMatch(/^ {2}logs unread +2 worker 2, 1 ticket system; 12 lines dropped$/m);
  expect(sound).toMatch(/^ {2}moved away +2 tickets, 1 database folder; 7 requests refused meanwhile$/m);
  expect(sound).toMatch(/^ {2}poison +2 to orders, 1 to late watches$/m);
  expect(sound).toContain('0 violations');
  const broken = reportLines({ ...report, violations: ['I1 one: it has two'] }).join('\n');
  expect(broken).toContain('1 violation\n  I1 one: it has two');
});
