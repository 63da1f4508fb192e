import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { historyFacts } from './history-facts.ts';

/** The facts of a history that was recorded from a real order. */
function factsOf(name: string) {
  const json = readFileSync(new URL(`../../../test/replay/histories/${name}.json`, import.meta.url), 'utf8');
  return historyFacts(historyFromJSON(JSON.parse(json)).events ?? []);
}

it('a history tells its checks, creates and result', () => {
  const { steps, closing, ...facts } = factsOf('calm');
  const [ticketId] = steps.flatMap((step) => (step.kind === 'look' ? step.live : []));
  expect(ticketId).toBeDefined();
  expect(steps).toEqual([
    { kind: 'look', live: [], voided: [] },
    {
      kind: 'create',
      activityId: expect.any(String),
      ...{ atMs: expect.any(Number), deadlineMs: expect.any(Number) },
      outcomeKnown: true,
    },
    { kind: 'look', live: [ticketId], voided: [] },
  ]);
  expect(closing).toMatchObject({ as: 'completed', result: { orderId: 'order-calm', ticketId } });
  expect(facts).toMatchObject({ resumed: false, cancelRequested: false, children: [] });
  expect(closing?.atMs).toBeGreaterThan(facts.startedAtMs);
  expect(facts.startedAtMs).toBeGreaterThan(Date.parse('2026-01-01'));
});

it('it tells when a create was scheduled, its deadline, and whether the run was told what came of it', () => {
  const [first, second] = factsOf('unknown-outcome').steps.flatMap((step) => (step.kind === 'create' ? [step] : []));
  expect([first?.outcomeKnown, second?.outcomeKnown]).toEqual([false, true]);
  expect(Number(first?.deadlineMs) - Number(first?.atMs)).toBeGreaterThan(1_000);
  expect(Number(second?.atMs)).toBeGreaterThan(Number(first?.deadlineMs));
});

it('it tells which tickets were voided', () => {
  const { steps } = factsOf('surplus');
  const voided = steps.flatMap((step) => (step.kind === 'void' ? [step.ticketId] : []));
  expect(voided).toHaveLength(1);
  expect(steps.at(-1)).toMatchObject({ kind: 'look', voided });
});

it('it tells of a refused create, of a cancellation, of a resumed run and of the watch that it has begun', () => {
  expect(factsOf('rejected')).toMatchObject({ closing: { as: 'failed', failureType: 'OrderRejected' } });
  expect(factsOf('rejected').steps).toContainEqual({ kind: 'create refused' });
  expect(factsOf('cancelled')).toMatchObject({ cancelRequested: true, closing: { as: 'cancelled' } });
  const resumed = factsOf('resumed');
  expect(resumed).toMatchObject({ resumed: true, closing: { as: 'completed' } });
  expect(resumed.children).toEqual([expect.stringMatching(/^order-resumed:late-watch:/)]);
});

it('a watch that was asked for and never started is none', () => {
  const json = readFileSync(new URL('../../../test/replay/histories/resumed.json', import.meta.url), 'utf8');
  const events = historyFromJSON(JSON.parse(json)).events ?? [];
  const asked = events.findIndex((event) => event.startChildWorkflowExecutionInitiatedEventAttributes);
  expect(asked).toBeGreaterThan(0);
  expect(historyFacts(events.slice(0, asked + 1)).children).toEqual([]);
});

it('a history without an end is open', () => {
  const json = readFileSync(new URL('../../../test/replay/histories/calm.json', import.meta.url), 'utf8');
  const { events = [] } = historyFromJSON(JSON.parse(json));
  expect(historyFacts((events ?? []).slice(0, -1)).closing).toBeUndefined();
});
