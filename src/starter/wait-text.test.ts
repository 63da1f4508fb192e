import { describe, expect, test } from '@jest/globals';
import type { Wait } from './wait.ts';
import { waitSummary, waitText } from './wait-text.ts';

const NOW = new Date(2026, 10, 30, 12, 41, 0).getTime();
const lastPoller = { identity: '4711@ann', lastPollMs: NOW - 40_000 };
const FAILED_CALL = { kind: 'activity', activity: 'getToken', attempt: 4, error: 'connect ECONNREFUSED' } as const;

function linesOf(wait: Wait): readonly string[] {
  const { line, more } = waitText(wait, 'order', NOW);
  return [line, ...more];
}

describe('what an order waits for', () => {
  test.each<[string, Wait, readonly string[], string]>([
    [
      'the next attempt of an activity',
      { ...FAILED_CALL, state: 'backing off', nextAttemptMs: NOW + 1_800, at: 'getToken (src/a.ts:7)' },
      [
        'getToken, attempt 4, last: connect ECONNREFUSED',
        'next attempt in 1.8 s, at 12:41:01',
        'at getToken (src/a.ts:7)',
      ],
      'getToken attempt 4: connect ECONNREFUSED · next in 1.8 s',
    ],
    [
      'a create that is under way',
      {
        kind: 'activity',
        activity: 'createTicket',
        attempt: 1,
        state: 'running',
        startedMs: NOW - 2_000,
        endsByMs: NOW + 5_000,
      },
      ['createTicket, attempt 1', 'under way for 2.0 s, until 12:41:05 at the latest'],
      'create under way until 12:41:05',
    ],
    [
      'an activity that somebody has paused',
      { ...FAILED_CALL, state: 'paused' },
      ['getToken, attempt 4, last: connect ECONNREFUSED', "paused by somebody: unpause it in Temporal's UI"],
      'getToken attempt 4 (paused): connect ECONNREFUSED',
    ],
    [
      'a worker, when none polls',
      { kind: 'worker', taskQueue: 'tickets' },
      ['a worker: none polls the task queue tickets', 'start one: npm run worker'],
      'no worker polls the task queue tickets (npm run worker)',
    ],
    [
      'a worker, when the last one takes no task',
      { kind: 'worker', taskQueue: 'tickets', readySinceMs: NOW - 12_000, lastPoller },
      [
        'a worker: none has taken its task for 12 s; the last one to poll the task queue tickets was 4711@ann, 40 s ago',
        'start one: npm run worker',
      ],
      'no worker responds on the task queue tickets (npm run worker)',
    ],
    [
      'a worker, when the last one does not respond',
      { kind: 'worker', taskQueue: 'tickets', lastPoller },
      [
        'a worker: none has responded to a query; the last one to poll the task queue tickets was 4711@ann, 40 s ago',
        'start one: npm run worker',
      ],
      'no worker responds on the task queue tickets (npm run worker)',
    ],
    [
      'a fix of the workflow code',
      { kind: 'workflow task', attempt: 3, error: 'RangeError: Division by zero', at: 'run (src/w.ts:1)' },
      [
        'a fix: its workflow task fails, attempt 3, last: RangeError: Division by zero',
        'at run (src/w.ts:1)',
        'the order has not failed: Temporal repeats the task until the code of the workflow is right',
      ],
      'its workflow task fails: RangeError: Division by zero',
    ],
    [
      'a workflow task that timed out: nobody has to fix the code',
      { kind: 'repeated workflow task', attempt: 2 },
      [
        'attempt 2 of its workflow task: an earlier one timed out',
        'its worker was killed or stopped, or does not respond; Temporal gives the task to another one',
      ],
      'attempt 2 of its workflow task: an earlier one timed out',
    ],
    [
      'the fence',
      { kind: 'fence', untilMs: NOW + 7_000 },
      [
        'the fence, until 12:41:07 (in 7.0 s)',
        'a create may still commit: it checks for a ticket until the fence has passed',
      ],
      'the fence, until 12:41:07 (in 7.0 s)',
    ],
    [
      'the fence, which has passed',
      { kind: 'fence', untilMs: NOW - 1_000 },
      ['the fence, until 12:40:59', 'a create may still commit: it checks for a ticket until the fence has passed'],
      'the fence, until 12:40:59',
    ],
    [
      'the pause before the next create',
      { kind: 'next create', untilMs: NOW + 7_000 },
      ['the next create, at 12:41:07 (in 7.0 s)'],
      'the next create, at 12:41:07 (in 7.0 s)',
    ],
    [
      'the pause before the next create, whose end is not known',
      { kind: 'next create' },
      ['the next create'],
      'the next create',
    ],
    [
      'the final check',
      { kind: 'final check', untilMs: NOW + 60_000 },
      ['its final check, at 12:42:00 (in 1 min)', 'a late ticket may still appear'],
      'its final check, at 12:42:00 (in 1 min)',
    ],
  ])('is %s', (_, wait, lines, summary) => {
    expect(linesOf(wait)).toEqual(lines);
    expect(waitSummary(wait, NOW)).toBe(summary);
  });
});

describe('in a few words, a failed call is shown', () => {
  test.each([
    ['without its request', 'GET http://127.0.0.1:3001/a: read ECONNRESET', 'getToken attempt 4: read ECONNRESET'],
    [
      'by the response to it',
      'GET http://127.0.0.1:3001/a responded with 500 INTERNAL_ERROR',
      'getToken attempt 4: responded with 500 INTERNAL_ERROR',
    ],
  ])('%s', (_, error, expected) => {
    expect(waitSummary({ ...FAILED_CALL, error, state: 'running' }, NOW)).toBe(expected);
  });

  test('with an attempt that is due as the next one now', () => {
    const wait = { ...FAILED_CALL, state: 'backing off', nextAttemptMs: NOW } as const;
    expect(waitSummary(wait, NOW)).toBe('getToken attempt 4: connect ECONNREFUSED · next now');
    expect(linesOf(wait)).toEqual(['getToken, attempt 4, last: connect ECONNREFUSED', 'next attempt now']);
  });
});
