import { describe, expect, it } from '@jest/globals';
import { Client } from '@temporalio/client';
import { giveUp } from './give-up.ts';
import { submit } from './submit.ts';

/** Nothing listens there, but it connects only when it is used. */
const client = new Client();
const SUBMISSION = { workflow: 'bookCourier', workflowId: 'booking-1', taskQueue: 'bookings', input: {} };

describe('a submission', () => {
  it.each<readonly [what: string, wrong: object, message: string | RegExp]>([
    ['an empty id', { workflowId: '' }, 'submit: workflowId must be a text that is not empty, but is ""'],
    ['no task queue', { taskQueue: undefined }, 'submit: taskQueue must be a text that is not empty, but is undefined'],
    ['no workflow', { workflow: 7 }, 'submit: workflow must be a workflow or the name of one, but is 7'],
    ['an input that is no object', { input: 'parcel' }, /^submit: input must be an object .*, but is "parcel"$/],
    [
      'an input that claims to be resumed',
      { input: { resumed: false } },
      /^submit: input .* without the field resumed/,
    ],
  ])('with %s is refused before anything is sent', async (_, wrong, message) => {
    await expect(submit(client, Object.assign({}, SUBMISSION, wrong))).rejects.toThrow(message);
  });
});

describe('giving up', () => {
  it('needs a reason, which the workflow would otherwise ignore', async () => {
    await expect(giveUp(client, 'booking-1', ' ')).rejects.toThrow('giveUp: reason must be a text that is not empty');
  });
});
