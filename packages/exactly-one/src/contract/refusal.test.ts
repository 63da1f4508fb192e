import { expect, it } from '@jest/globals';
import { ApplicationFailureCategory } from '@temporalio/common';
import { failures } from './failures.ts';
import { refusal } from './refusal.ts';

it('a refusal is not retried, and Temporal takes it for no error', () => {
  expect(refusal('the payment was declined', failures.createRejected, { code: 'PAYMENT_DECLINED' })).toMatchObject({
    ...{ message: 'the payment was declined', type: 'CreateRejected', nonRetryable: true },
    ...{ category: ApplicationFailureCategory.BENIGN, details: [{ code: 'PAYMENT_DECLINED' }] },
  });
});
