import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { historyFacts } from './history-facts.ts';

/** The facts of a history recorded from a real order. */
function factsOf(name: string) {
  const json = readFileSync(new URL(`../../../test/replay/histories/${name}.json`, import.meta.url), 'utf8');
  return historyFacts(historyFromJSON(JSON.parse(json)).events ?? []);
}

it('a history gives its validations, creates and result', () => {
  const { steps, closing, ...facts } = factsOf('calm');
  const [ticketId] = steps.flatMap((step) => (step.kind === 'validate' ? step.live : []));
  expect(ticketId).toBeDefined();
  expect(steps).toEqual([
    { kind: 'validate', live: [], voided: [] },
    {
      kind: 'create',
      activityId: expect.any(String),
      ...{ atMs: expect.any(Number), deadlineMs: expect.any(Number) },
      outcomeKnown: true,
    },
    { kind: 'validate', live: [ticketId], voided: [] },
  ]);
  expect(closing).toMatchObject({ status: 'completed', result: { orderId: 'order-calm', ticketId } });
  expect(facts).toMatchObject({ resumed: false, cancelRequested: false, children: [] });
  expect(closing?.atMs).toBeGreaterThan(facts.startedAtMs);
  expect(facts.startedAtMs).toBeGreaterThan(Date.parse('2026-01-01'));
});

it('a history gives for each create when it was scheduled, its deadline and whether its outcome is known', () => {
  const [first, second] = factsOf('unknown-outcome').steps.flatMap((step) => (step.kind === 'create' ? [step] : []));
  expect([first?.outcomeKnown, second?.outcomeKnown]).toEqual([false, true]);
  expect(Number(first?.deadlineMs) - Number(first?.atMs)).toBeGreaterThan(1_000);
  expect(Number(second?.atMs)).toBeGreaterThan(Number(first?.deadlineMs));
});

it('a create that was only accepted has no known outcome', () => {
  const json = readFileSync(new URL('../../../test/replay/histories/calm.json', import.meta.url), 'utf8');
  const events = historyFromJSON(JSON.parse(json)).events ?? [];
  const scheduled = events.find(
    ({ activityTaskScheduledEventAttributes: activity }) => activity?.activityType?.name === 'createTicket',
  );
  const data = Buffer.from(JSON.stringify({ accepted: { reference: 'OPERATION-1' } }));
  const result = { payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data }] };
  const accepted = events.map((event) => {
    const completed = event.activityTaskCompletedEventAttributes;
    const isCreate = String(completed?.scheduledEventId) === String(scheduled?.eventId);
    return isCreate ? { ...event, activityTaskCompletedEventAttributes: { ...completed, result } } : event;
  });
  expect(historyFacts(accepted).steps).toContainEqual(expect.objectContaining({ kind: 'create', outcomeKnown: false }));
});

it('a history gives the voided tickets', () => {
  const { steps } = factsOf('surplus');
  const voided = steps.flatMap((step) => (step.kind === 'void' ? [step.ticketId] : []));
  expect(voided).toHaveLength(1);
  expect(steps.at(-1)).toMatchObject({ kind: 'validate', voided });
});

it('a history gives a rejected create, a cancellation, whether the run is resumed, and its late watch', () => {
  expect(factsOf('rejected')).toMatchObject({ closing: { status: 'failed', failureType: 'OrderRejected' } });
  expect(factsOf('rejected').steps).toContainEqual({ kind: 'create rejected' });
  expect(factsOf('cancelled')).toMatchObject({ cancelRequested: true, closing: { status: 'cancelled' } });
  const resumed = factsOf('resumed');
  expect(resumed).toMatchObject({ resumed: true, closing: { status: 'completed' } });
  expect(resumed.children).toEqual([expect.stringMatching(/^order-resumed:late-watch:/)]);
});

it('a late watch that was never started does not count', () => {
  const json = readFileSync(new URL('../../../test/replay/histories/resumed.json', import.meta.url), 'utf8');
  const events = historyFromJSON(JSON.parse(json)).events ?? [];
  const initiated = events.findIndex((event) => event.startChildWorkflowExecutionInitiatedEventAttributes);
  expect(initiated).toBeGreaterThan(0);
  expect(historyFacts(events.slice(0, initiated + 1)).children).toEqual([]);
});

it('a history without a closing event is open', () => {
  const json = readFileSync(new URL('../../../test/replay/histories/calm.json', import.meta.url), 'utf8');
  const { events = [] } = historyFromJSON(JSON.parse(json));
  expect(historyFacts((events ?? []).slice(0, -1)).closing).toBeUndefined();
});
