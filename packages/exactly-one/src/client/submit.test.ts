import { describe, expect, it } from '@jest/globals';
import { Client } from '@temporalio/client';
import { cancel } from './cancel.ts';
import { giveUp } from './give-up.ts';
import { resolve } from './resolve.ts';
import { submit } from './submit.ts';

/** Nothing listens there, but it connects only when it is used. */
const client = new Client();
const SUBMISSION = { workflow: 'bookCourier', workflowId: 'booking-1', taskQueue: 'bookings', input: {} };

describe('a submission', () => {
  it.each<readonly [what: string, wrong: object, message: string | RegExp]>([
    ['an empty id', { workflowId: '' }, 'submit: workflowId must be a text that is not empty, but is ""'],
    ['no task queue', { taskQueue: undefined }, 'submit: taskQueue must be a text that is not empty, but is undefined'],
    [
      'an option that Temporal has and it has not',
      { workflowRunTimeout: '1h' },
      'submit: there is no option workflowRunTimeout; the options are workflow, workflowId,',
    ],
    ['no workflow', { workflow: 7 }, 'submit: workflow must be a workflow or the name of one, but is 7'],
    [
      'a workflow without a name',
      { workflow: (() => () => {})() },
      'submit: workflow must be a workflow or the name of one',
    ],
    ['an input that is a list', { input: [1] }, /^submit: input must be an object .*, but is \[1\]$/],
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

it.each([
  ['submit', () => submit(Object({}), SUBMISSION)],
  ['cancel', () => cancel(Object({}), 'booking-1')],
  ['giveUp', () => giveUp(Object({}), 'booking-1', 'gone')],
  ['resolve', () => resolve(Object({}), 'booking-1', { none: true, reason: 'gone', by: 'Ada' })],
])('%s says that it was given no client', async (name, run) => {
  await expect(run()).rejects.toThrow(`${name}: client must be a Client of @temporalio/client, but is {}`);
});

it.each([
  ['cancel', () => cancel(client, '')],
  ['giveUp', () => giveUp(client, '', 'gone')],
  ['resolve', () => resolve(client, '', { none: true, reason: 'gone', by: 'Ada' })],
])('%s says that it was given no order', async (name, run) => {
  await expect(run()).rejects.toThrow(`${name}: workflowId must be a text that is not empty, but is ""`);
});

describe('giving up', () => {
  it('needs a reason, which the workflow would otherwise ignore', async () => {
    await expect(giveUp(client, 'booking-1', ' ')).rejects.toThrow('giveUp: reason must be a text that is not empty');
  });
});
