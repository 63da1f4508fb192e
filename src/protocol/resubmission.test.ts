import { describe, expect, it } from '@jest/globals';
import { decideSubmission } from './resubmission.ts';

describe('a submission of an order', () => {
  it('starts an order that nobody submitted before, with nothing to resume', () => {
    expect(decideSubmission('none')).toEqual({ kind: 'start', resumed: false });
  });

  it.each(['running', 'completed'] as const)(
    'attaches to an order that is %s, so both get the same ticket',
    (standing) => {
      expect(decideSubmission(standing)).toEqual({ kind: 'attach' });
    },
  );

  it('starts an order again that was closed without a result, and tells it that a create may be in flight', () => {
    expect(decideSubmission('closed without a result')).toEqual({ kind: 'start', resumed: true });
  });
});
