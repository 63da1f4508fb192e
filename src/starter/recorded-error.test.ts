import { describe, expect, test } from '@jest/globals';
import { recordedError } from './recorded-error.ts';

describe('an error that Temporal has recorded', () => {
  test('of workflow code has the name of its type and its line', () => {
    expect(
      recordedError({
        message: 'Division by zero',
        stackTrace:
          '/app/workflow-bundle-72d5.js:6627\n            throw this.workflowTaskError;\n\nRangeError: Division by zero\n    at moveMoney (/app/src/workflows/transfer-money.ts:71:40)',
      }),
    ).toEqual({ error: 'RangeError: Division by zero', at: 'moveMoney (src/workflows/transfer-money.ts:71)' });
  });

  test('says its innermost cause, unless the message contains it', () => {
    const cause = { message: 'outer cause', cause: { message: 'connect ECONNREFUSED 127.0.0.1:3999' } };
    const innermost = 'connect ECONNREFUSED 127.0.0.1:3999';
    expect(recordedError({ message: 'no token', cause })).toEqual({
      error: `no token: ${innermost}`,
      cause: innermost,
    });
    const message = 'POST http://127.0.0.1:3999/tokens: connect ECONNREFUSED 127.0.0.1:3999';
    expect(recordedError({ message, cause })).toEqual({ error: message, cause: innermost });
  });

  test('has the line of a cause when its own lies elsewhere', () => {
    const stackTrace = 'Error: x\n    at createToken (/app/src/clients/ticket-system.ts:86:23)';
    expect(
      recordedError({ message: 'x', stackTrace: 'Error: x\n    at node:net:1', cause: { message: 'x', stackTrace } }),
    ).toEqual({
      error: 'x',
      cause: 'x',
      at: 'createToken (src/clients/ticket-system.ts:86)',
    });
  });

  test('of an activity without heartbeats says what that means', () => {
    const failure = { message: 'activity Heartbeat timeout', timeoutFailureInfo: { timeoutType: 4 } };
    expect(recordedError(failure).error).toBe('activity Heartbeat timeout (its worker died or does not respond)');
  });

  test('of our own failures has no name that says nothing', () => {
    const stackTrace = 'ApplicationFailure: it failed\n    at x (/opt/x.js:1:1)';
    expect(recordedError({ message: 'it failed', stackTrace })).toEqual({ error: 'it failed' });
  });

  test('that is long is cut, and one without anything is empty', () => {
    expect(recordedError({ message: 'x'.repeat(1_000_000) }).error).toHaveLength(501);
    expect(recordedError({})).toEqual({ error: '' });
  });
});
