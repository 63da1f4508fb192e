import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { failures } from '../../src/contracts/failures.ts';
import type { TransferTerms } from '../../src/contracts/transfer.ts';
import { startAccountApi } from '../../src/services/account-api/account-api.fixture.ts';
import { submitTransfer, TransferIdReused } from '../../src/starter/submit-transfer.ts';
import { eachOf, testConcurrently } from '../../testbed/concurrent-tests.ts';
import { POISON_PAYLOADS } from '../../testbed/poison-payloads.ts';
import { UNREACHABLE_URL } from '../../testbed/processes.ts';
import { createRawRequests, type RawRequests } from '../../testbed/raw-requests.ts';
import { changesBody, type Hold, holds, losesResponse, resetsConnection, respondsWith } from './behaviours.ts';
import { createOrderEnvironment, within } from './order-environment.ts';
import type { AccountBehaviour, AccountCall } from './scripted-account-api.ts';
import { refusal, respondsCorrectly } from './scripted-server.ts';
import { createTransferEnvironment, type TransferEnvironment } from './transfer-environment.ts';

let environment: TransferEnvironment;
beforeAll(async () => {
  environment = await createTransferEnvironment();
});
afterAll(() => environment.close());

const MOVED = [90_000, 60_000];
const UNTOUCHED = [100_000, 50_000];

/** The requests that a workflow has sent, with every attempt of each step. */
const requestsOf = (workflowId: string) =>
  environment.accounts.calls(workflowId).map(({ operation, account, key }) => {
    return `${operation} ${account.slice(-1)} ${key?.slice(workflowId.length + 1)}`;
  });

/** Asserts that each step moved money at most once and that none was gained or lost. */
function expectConserved(terms: TransferTerms, expected: readonly number[]): void {
  expect(environment.balances(terms)).toEqual(expected);
  const [from = 0, to = 0] = expected;
  expect(from + to).toBe(150_000);
  const moved = environment.accounts
    .moved(terms.from, terms.to)
    .map(({ operation, account }) => `${operation} ${account}`);
  expect(new Set(moved).size).toBe(moved.length);
}

const heldCall = (behaviour: AccountBehaviour = respondsCorrectly): Hold<AccountCall> => holds(behaviour);

const FAULTS: Readonly<Record<string, AccountBehaviour>> = {
  'a response that is lost after the commit': losesResponse,
  'a connection that is reset before the commit': resetsConnection,
  'status 500': respondsWith(500, { error: 'down', code: 'INTERNAL_ERROR' }),
  'a refusal with an unknown code': respondsWith(422, { error: 'no', code: 'PAYMENT_DECLINED' }),
  'a refusal of the amount, which says nothing about an earlier attempt': respondsWith(400, {
    ...{ error: 'Amount is required', code: 'AMOUNT_REQUIRED' },
  }),
  'a refusal without a code': respondsWith(404, JSON.stringify('<h1>Not Found</h1>')),
  'status 409 in flight': respondsWith(409, { error: 'wait', code: 'IDEMPOTENCY_KEY_IN_FLIGHT' }),
  'a known refusal with status 500': respondsWith(500, { error: 'no', code: 'ACCOUNT_NOT_FOUND' }),
  'a response about another account': changesBody((body) => ({ ...body, account_number: 'account_X' })),
  'a response about another amount': changesBody((body) => ({ ...body, amount_withdrawn: 1, amount_deposited: 1 })),
  'a response that does not add up': changesBody((body) => ({ ...body, new_balance: 7 })),
};

const BROKEN = POISON_PAYLOADS['broken JSON'];

/** What any client of Temporal can do to an activity in a worker's place. */
const ENDED_BY_OTHERS: Readonly<
  Record<string, (raw: RawRequests, workflowId: string, activityId: string) => Promise<unknown>>
> = {
  'believes no result that has the wrong form': (raw, ...activity) =>
    raw.completeActivity(...activity, POISON_PAYLOADS.null),
  'believes no result that cannot be decoded': (raw, ...activity) => raw.completeActivity(...activity, BROKEN),
  'believes no refusal that cannot be decoded': (raw, ...activity) =>
    raw.failActivity(...activity, failures.operationRefused, BROKEN),
};

testConcurrently({
  'a transfer whose activities are ended by somebody else': eachOf(ENDED_BY_OTHERS, async (end, index) => {
    const { transferId, workflowId, terms, to } = environment.newTransfer(`ended-by-others-${index}`);
    const held = heldCall(resetsConnection);
    environment.accounts.script('deposit', to, held.behaviour);
    await environment.submit(transferId, terms);
    await held.reached;
    const { raw } = await environment.client.workflow.getHandle(workflowId).describe();
    await end(createRawRequests(environment.client), workflowId, raw.pendingActivities?.[0]?.activityId ?? '');
    held.release();
    expect(await environment.ending(transferId)).toMatchObject({ result: { status: 'completed' } });
    expectConserved(terms, MOVED);
  }),

  'a transfer': {
    async 'withdraws and deposits once, and returns the balances before and after'() {
      const { transferId, workflowId, terms } = environment.newTransfer('happy');
      const ending = await environment.run(transferId, terms);
      expect(ending).toEqual({
        kind: 'completed',
        result: {
          ...{ transferId, ...terms, status: 'completed' },
          startingBalancesCents: { from: 100_000, to: 50_000 },
          finalBalancesCents: { from: 90_000, to: 60_000 },
        },
      });
      expect(requestsOf(workflowId)).toEqual(['withdraw A withdraw', 'deposit B deposit']);
      expectConserved(terms, MOVED);
    },

    async 'shows its steps while it runs, and can be found by its accounts'() {
      const { transferId, workflowId, terms, from, to } = environment.newTransfer('visible');
      const held = heldCall();
      environment.accounts.script('deposit', to, held.behaviour);
      await environment.submit(transferId, terms);
      await held.reached;
      expect(await environment.progress(transferId)).toMatchObject({
        ...terms,
        stepsDone: ['check balances', 'withdraw'],
        currentStep: 'deposit',
        cancelRequested: false,
      });
      held.release();
      await environment.ending(transferId);
      expect((await environment.progress(transferId)).stepsDone).toEqual([
        ...['check balances', 'withdraw', 'deposit', 'read final balances'],
      ]);
      const query = `TransferFrom = "${from}" AND TransferTo = "${to}" AND TransferStatus = "completed"`;
      await within(
        'the transfer to be listed',
        async () => (await environment.client.workflow.count(query)).count === 1,
      );
      expect(requestsOf(workflowId)).toHaveLength(2);
    },
  },

  'the withdrawal is made once after': eachOf(FAULTS, async (fault) => {
    const { transferId, terms, from } = environment.newTransfer('withdraw');
    environment.accounts.script('withdraw', from, fault);
    expect(await environment.run(transferId, terms)).toMatchObject({ result: { status: 'completed' } });
    expectConserved(terms, MOVED);
  }),

  'the deposit is made once after': eachOf(FAULTS, async (fault) => {
    const { transferId, terms, to } = environment.newTransfer('deposit');
    environment.accounts.script('deposit', to, fault, fault);
    expect(await environment.run(transferId, terms)).toMatchObject({ result: { status: 'completed' } });
    expectConserved(terms, MOVED);
  }),

  'a transfer is refused before any money is moved if it has': eachOf(
    {
      'one account as source and destination': {
        change: (terms: TransferTerms) => ({ to: terms.from }),
        type: 'TransferInvalid',
      },
      'an amount of zero': { change: () => ({ amount: 0 }), type: 'TransferInvalid' },
      'a negative amount': { change: () => ({ amount: -5 }), type: 'TransferInvalid' },
      'an amount that is not a number': { change: () => ({ amount: 'much' }), type: 'TransferInvalid' },
      'an amount with three decimals': { change: () => ({ amount: '1.005' }), type: 'TransferInvalid' },
      'an amount beyond 2^53 cents': { change: () => ({ amount: '90071992547409.92' }), type: 'TransferInvalid' },
      'no input': {
        change: () => Object({ from: undefined, to: undefined, amount: null }),
        type: 'TransferInvalid',
      },
      'an unknown source': { change: () => ({ from: 'account_X' }), type: 'TransferRefused' },
      'an unknown destination': { change: () => ({ to: 'account_X' }), type: 'TransferRefused' },
      'more than the source holds as amount': { change: () => ({ amount: '1000.01' }), type: 'TransferRefused' },
    },
    async ({ change, type }) => {
      const { transferId, workflowId, terms } = environment.newTransfer('refused');
      await environment.start(transferId, { from: terms.from, to: terms.to, amount: '100', ...change(terms) });
      expect(await environment.ending(transferId)).toMatchObject({ kind: 'failed', type });
      expect(requestsOf(workflowId)).toEqual([]);
      expectConserved(terms, UNTOUCHED);
    },
  ),

  'a withdrawal that is refused': {
    async 'twice with the same known code fails the transfer without moving money'() {
      const { transferId, workflowId, terms, from } = environment.newTransfer('declined');
      const refuses = environment.accounts.refusesForEver(400, 'INSUFFICIENT_FUNDS');
      environment.accounts.script('withdraw', from, refuses);
      expect(await environment.run(transferId, terms)).toMatchObject({
        kind: 'failed',
        type: 'TransferRefused',
        details: { code: 'INSUFFICIENT_FUNDS' },
      });
      expect(requestsOf(workflowId)).toEqual(['withdraw A withdraw', 'withdraw A withdraw']);
      expectConserved(terms, UNTOUCHED);
    },
  },

  'a deposit that is refused': {
    async 'twice with the same known code is refunded once'() {
      const { transferId, workflowId, terms, to } = environment.newTransfer('rejected');
      environment.accounts.script('deposit', to, environment.accounts.refusesForEver(422, 'DEPOSIT_REJECTED'));
      expect(await environment.run(transferId, terms)).toMatchObject({
        result: {
          status: 'refunded',
          reason: 'the deposit was rejected: DEPOSIT_REJECTED',
          finalBalancesCents: { from: 100_000, to: 50_000 },
        },
      });
      expect(requestsOf(workflowId)).toEqual([
        ...['withdraw A withdraw', 'deposit B deposit', 'deposit B deposit', 'deposit A refund'],
      ]);
      const reversed = environment.accounts.calls(workflowId).map(({ reverses }) => reverses);
      expect(reversed).toEqual([undefined, undefined, undefined, `${workflowId}/withdraw`]);
      expectConserved(terms, UNTOUCHED);
    },

    async 'by the real account API, which rejects every deposit, is refunded'() {
      const accountApi = await startAccountApi();
      accountApi.fault({ point: 'account.deposit.reject', kind: 'error-4xx' });
      const accountApiUrl = await accountApi.app.listen({ host: '127.0.0.1', port: 0 });
      const { client, taskQueue, close } = await createOrderEnvironment(UNREACHABLE_URL, { accountApiUrl });
      try {
        const terms: TransferTerms = { from: 'account_A', to: 'account_B', amountCents: 10_000 };
        const { handle } = await submitTransfer(client, taskQueue, randomUUID(), terms);
        expect(await handle.result()).toMatchObject({ status: 'refunded' });
        expect(await accountApi.balance('account_A')).toBe(1000);
        expect(await accountApi.balance('account_B')).toBe(500);
      } finally {
        await close();
        await accountApi.stop();
      }
    },

    async 'although it was made is not refunded'() {
      const { transferId, terms, to } = environment.newTransfer('lied');
      environment.accounts.script('deposit', to, ({ act, send }) => {
        act();
        send(refusal(422, 'DEPOSIT_REJECTED'));
      });
      expect(await environment.run(transferId, terms)).toMatchObject({ result: { status: 'completed' } });
      expectConserved(terms, MOVED);
    },

    async 'with one code and then with another is repeated'() {
      const { transferId, terms, to } = environment.newTransfer('undecided');
      const codes = ['DEPOSIT_REJECTED', 'ACCOUNT_NOT_FOUND', 'DEPOSIT_REJECTED'];
      environment.accounts.script('deposit', to, ...codes.map((code) => respondsWith(422, { error: 'no', code })));
      expect(await environment.run(transferId, terms)).toMatchObject({ result: { status: 'completed' } });
      expectConserved(terms, MOVED);
    },

    async 'for its amount, after an attempt that may have moved the money, is repeated'() {
      const { transferId, terms, to } = environment.newTransfer('amount-lied');
      const aboutTheAmount = respondsWith(400, { error: 'Amount is required', code: 'AMOUNT_REQUIRED' });
      environment.accounts.script('deposit', to, losesResponse, aboutTheAmount, aboutTheAmount);
      expect(await environment.run(transferId, terms)).toMatchObject({ result: { status: 'completed' } });
      expectConserved(terms, MOVED);
    },

    async 'is not refunded under the next key when the key of the refund is in use: the transfer is unresolved'() {
      const { transferId, workflowId, terms, from, to } = environment.newTransfer('refund-key-in-use');
      environment.accounts.script('deposit', to, environment.accounts.refusesForEver(422, 'DEPOSIT_REJECTED'));
      const keyReused = respondsWith(422, { error: 'in use', code: 'IDEMPOTENCY_KEY_REUSED' });
      environment.accounts.script('deposit', from, keyReused, keyReused);
      expect(await environment.run(transferId, terms)).toMatchObject({
        kind: 'failed',
        type: 'TransferUnresolved',
        details: { code: 'TRANSFER_UNRESOLVED' },
      });
      expect(requestsOf(workflowId).slice(-2)).toEqual(['deposit A refund', 'deposit A refund']);
      expect(environment.balances(terms)).toEqual([90_000, 50_000]);
      // Once the mistake is repaired, the same id finishes the transfer.
      expect((await environment.submit(transferId, terms)).submissionResult).toBe('resumed');
      expect(await environment.ending(transferId)).toMatchObject({ result: { status: 'refunded' } });
      expectConserved(terms, UNTOUCHED);
    },

    async 'because its key is in use does not claim that no money was moved: the transfer is unresolved'() {
      const { transferId, terms, from, to } = environment.newTransfer('deposit-key-in-use');
      const keyReused = respondsWith(422, { error: 'in use', code: 'IDEMPOTENCY_KEY_REUSED' });
      environment.accounts.script('deposit', to, keyReused, keyReused);
      environment.accounts.script('deposit', from, keyReused, keyReused);
      expect(await environment.run(transferId, terms)).toMatchObject({ kind: 'failed', type: 'TransferUnresolved' });
      expect(environment.balances(terms)).toEqual([90_000, 50_000]);
    },

    async 'once for a key in use, although the response to an earlier attempt was lost, is completed'() {
      const { transferId, terms, to } = environment.newTransfer('key-lied');
      const keyReused = respondsWith(422, { error: 'in use', code: 'IDEMPOTENCY_KEY_REUSED' });
      environment.accounts.script('deposit', to, losesResponse, keyReused);
      expect(await environment.run(transferId, terms)).toMatchObject({ result: { status: 'completed' } });
      expectConserved(terms, MOVED);
    },

    async 'is refunded under the next key when the refund is refused as well'() {
      const { transferId, workflowId, terms, from, to } = environment.newTransfer('refund-refused');
      const refuses = environment.accounts.refusesForEver(422, 'DEPOSIT_REJECTED');
      environment.accounts.script('deposit', to, refuses);
      environment.accounts.script('deposit', from, refuses);
      expect(await environment.run(transferId, terms)).toMatchObject({ result: { status: 'refunded' } });
      expect(requestsOf(workflowId).slice(-3)).toEqual(['deposit A refund', 'deposit A refund', 'deposit A refund-2']);
      expectConserved(terms, UNTOUCHED);
    },
  },

  'the same id again': {
    async 'gives the same result and moves nothing, while it runs and after'() {
      const { transferId, terms, to } = environment.newTransfer('again');
      const held = heldCall();
      environment.accounts.script('deposit', to, held.behaviour);
      expect((await environment.submit(transferId, terms)).submissionResult).toBe('started');
      await held.reached;
      expect((await environment.submit(transferId, terms)).submissionResult).toBe('was running');
      held.release();
      const first = await environment.ending(transferId);
      expect((await environment.submit(transferId, terms)).submissionResult).toBe('was completed');
      expect(await environment.ending(transferId)).toEqual(first);
      expectConserved(terms, MOVED);
    },

    async 'with another amount or account is refused, while it runs and after'() {
      const { transferId, terms, to } = environment.newTransfer('reused');
      const held = heldCall();
      environment.accounts.script('deposit', to, held.behaviour);
      await environment.submit(transferId, terms);
      await held.reached;
      await expect(environment.submit(transferId, { ...terms, amountCents: 1 })).rejects.toThrow(TransferIdReused);
      held.release();
      await environment.ending(transferId);
      await expect(environment.submit(transferId, { ...terms, to: 'account_X' })).rejects.toThrow(TransferIdReused);
      expectConserved(terms, MOVED);
    },

    async 'with another amount is refused by its idempotency keys when it is started without the starter'() {
      const { transferId, terms, from, to } = environment.newTransfer('without-the-starter');
      await environment.run(transferId, terms);
      await environment.start(transferId, { from, to, amount: 50 });
      expect(await environment.ending(transferId)).toMatchObject({ kind: 'failed', type: 'TransferIdReused' });
      expectConserved(terms, MOVED);
    },

    async 'after a termination with the withdrawal in flight finishes the transfer'() {
      const { transferId, workflowId, terms, from } = environment.newTransfer('terminated');
      const held = heldCall();
      environment.accounts.script('withdraw', from, held.behaviour);
      await environment.submit(transferId, terms);
      await held.reached;
      await environment.terminate(transferId);
      held.release();
      await within('the withdrawal to be made', () => environment.accounts.balanceCents(from) === 90_000);
      expect((await environment.submit(transferId, terms)).submissionResult).toBe('resumed');
      expect(await environment.ending(transferId)).toMatchObject({ result: { status: 'completed' } });
      expect(new Set(requestsOf(workflowId))).toEqual(new Set(['withdraw A withdraw', 'deposit B deposit']));
      expectConserved(terms, MOVED);
    },

    async 'after a termination is not refused for insufficient funds when all the money was withdrawn already'() {
      const { transferId, terms, from, to } = environment.newTransfer('emptied');
      const all = { ...terms, amountCents: 100_000 };
      const held = heldCall(resetsConnection);
      environment.accounts.script('deposit', to, held.behaviour);
      await environment.submit(transferId, all);
      await held.reached;
      await environment.terminate(transferId);
      held.release();
      await environment.submit(transferId, all);
      expect(await environment.ending(transferId)).toMatchObject({ result: { status: 'completed' } });
      expectConserved({ ...all, from, to }, [0, 150_000]);
    },

    async 'after a termination, cancelled before a worker takes it, returns the money that was withdrawn'() {
      const { transferId, workflowId, terms, to } = environment.newTransfer('cancelled-unseen');
      const held = heldCall(resetsConnection);
      environment.accounts.script('deposit', to, held.behaviour);
      await environment.submit(transferId, terms);
      await held.reached;
      await environment.terminate(transferId);
      held.release();
      const { handle } = await environment.submit(transferId, terms, `${environment.taskQueue}-nobody`);
      await handle.cancel();
      const worker = await environment.startWorker(`${environment.taskQueue}-nobody`);
      const ending = await environment.ending(transferId);
      await worker.stop();
      expect(ending).toMatchObject({
        result: { status: 'refunded', startingBalancesCents: { from: 100_000, to: 50_000 } },
      });
      expect(requestsOf(workflowId).at(-1)).toBe('deposit A deposit');
      expectConserved(terms, UNTOUCHED);
    },

    async 'after a refusal is refused again, and moves nothing'() {
      const { transferId, workflowId, terms } = environment.newTransfer('refused-again');
      const unknown = { ...terms, to: 'nobody' };
      for (const how of ['started', 'resumed']) {
        expect((await environment.submit(transferId, unknown)).submissionResult).toBe(how);
        expect(await environment.ending(transferId)).toMatchObject({ kind: 'failed', type: 'TransferRefused' });
      }
      expect(requestsOf(workflowId)).toEqual([]);
    },

    async 'that was started without the starter is refused with other terms as well'() {
      const { transferId, terms, from, to } = environment.newTransfer('started-by-others');
      await environment.start(transferId, { from, to, amount: 100 });
      await environment.ending(transferId);
      await expect(environment.submit(transferId, { ...terms, amountCents: 5 })).rejects.toThrow(TransferIdReused);
      expect((await environment.submit(transferId, terms)).submissionResult).toBe('was completed');
    },

    async 'after a termination in the middle of a cancellation returns the money and never deposits it as well'() {
      const { transferId, terms, from } = environment.newTransfer('half-cancelled');
      const withdrawing = heldCall();
      const returning = heldCall(losesResponse);
      environment.accounts.script('withdraw', from, withdrawing.behaviour);
      environment.accounts.script('deposit', from, returning.behaviour);
      await environment.submit(transferId, terms);
      await withdrawing.reached;
      await environment.cancel(transferId);
      withdrawing.release();
      await returning.reached;
      await environment.terminate(transferId);
      returning.release();
      await within('the money to be back', () => environment.accounts.balanceCents(from) === 100_000);
      await environment.submit(transferId, terms);
      expect(await environment.ending(transferId)).toMatchObject({
        result: { status: 'refunded', reason: 'it was cancelled' },
      });
      expectConserved(terms, UNTOUCHED);
    },
  },

  'a cancellation': {
    async 'before the withdrawal moves nothing'() {
      const { transferId, workflowId, terms, to } = environment.newTransfer('cancelled-first');
      const held = heldCall();
      environment.accounts.script('balance', to, held.behaviour);
      await environment.submit(transferId, terms);
      await held.reached;
      await environment.cancel(transferId);
      expect(await environment.ending(transferId)).toEqual({ kind: 'cancelled' });
      held.release();
      expect(requestsOf(workflowId)).toEqual([]);
      expectConserved(terms, UNTOUCHED);
    },

    async 'during the withdrawal finds its outcome and returns the money'() {
      const { transferId, workflowId, terms, from } = environment.newTransfer('cancelled');
      const held = heldCall(losesResponse);
      environment.accounts.script('withdraw', from, held.behaviour);
      await environment.submit(transferId, terms);
      await held.reached;
      await environment.cancel(transferId);
      await within(
        'the cancellation to be noticed',
        async () => (await environment.progress(transferId)).cancelRequested,
      );
      held.release();
      expect(await environment.ending(transferId)).toMatchObject({
        result: { status: 'refunded', reason: 'it was cancelled', finalBalancesCents: { from: 100_000, to: 50_000 } },
      });
      expect(requestsOf(workflowId)).toEqual(['withdraw A withdraw', 'withdraw A withdraw', 'deposit A deposit']);
      expectConserved(terms, UNTOUCHED);
    },

    async 'after the deposit was sent comes too late, and the result says so'() {
      const { transferId, terms, to } = environment.newTransfer('too-late');
      const held = heldCall(losesResponse);
      environment.accounts.script('deposit', to, held.behaviour);
      await environment.submit(transferId, terms);
      await held.reached;
      await environment.cancel(transferId);
      held.release();
      expect(await environment.ending(transferId)).toMatchObject({
        result: { status: 'completed', cancellation: 'came too late' },
      });
      expectConserved(terms, MOVED);
    },

    async 'of a resumed transfer whose deposit was made comes too late'() {
      const { transferId, terms, to } = environment.newTransfer('resumed-too-late');
      const depositing = heldCall();
      environment.accounts.script('deposit', to, depositing.behaviour);
      await environment.submit(transferId, terms);
      await depositing.reached;
      await environment.terminate(transferId);
      depositing.release();
      await within('the deposit to be made', () => environment.accounts.balanceCents(to) === 60_000);
      const checking = heldCall();
      environment.accounts.script('balance', to, checking.behaviour);
      await environment.submit(transferId, terms);
      await checking.reached;
      await environment.cancel(transferId);
      await within(
        'the cancellation to be noticed',
        async () => (await environment.progress(transferId)).cancelRequested,
      );
      checking.release();
      expect(await environment.ending(transferId)).toMatchObject({
        result: { status: 'completed', cancellation: 'came too late' },
      });
      expectConserved(terms, MOVED);
    },
  },
});
