import { expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { maskFailures } from './mask-failures.ts';

async function failureOf(error: unknown): Promise<unknown> {
  // The factory uses nothing of the context.
  const { inbound } = maskFailures({} as Parameters<typeof maskFailures>[0]);
  const fail = () => Promise.reject(error);
  return inbound?.execute?.({ args: [], headers: {} }, fail).catch((reason: unknown) => reason);
}

const CANARY = '4242 4242 4242 4242';

it('the message, the stack, the details and the causes of a failure are masked', async () => {
  const cause = new Error(`http://me:canary@host: ${CANARY}`);
  const failure = ApplicationFailure.create({
    message: `refused ${CANARY}`,
    type: 'Refused',
    details: [{ reason: `declined ${CANARY}`, list: [CANARY], retryAfterMs: 5 }],
    cause,
  });
  const masked = await failureOf(failure);
  expect(masked).toBe(failure);
  expect(failure.message).toBe('refused **** **** **** 4242');
  expect(failure.details).toEqual([
    { reason: 'declined **** **** **** 4242', list: ['**** **** **** 4242'], retryAfterMs: 5 },
  ]);
  expect(cause.message).toBe('http://***@host: **** **** **** 4242');
  expect([failure.stack, cause.stack].join()).not.toMatch(/canary|4242 4242/);
});

it.each([[null], [undefined], ['a text'], [Object.freeze(new Error('frozen'))]])(
  'whatever else is thrown stays as it is: %p',
  async (thrown) => {
    expect(await failureOf(thrown)).toBe(thrown);
  },
);
