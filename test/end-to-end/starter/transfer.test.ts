import { afterAll, beforeAll, expect } from '@jest/globals';
import { testConcurrently } from '../../../testbed/concurrent-tests.ts';
import { losesResponse } from '../behaviours.ts';
import { within } from '../order-environment.ts';
import type { AccountBehaviour } from '../scripted-account-api.ts';
import { createTransferEnvironment, type TransferEnvironment } from '../transfer-environment.ts';
import { runStarter } from './starter-here.ts';
import { killStarters, runStarterProcess, startStarter, untilPolled } from './starter-process.ts';

let world: TransferEnvironment;
beforeAll(async () => {
  world = await createTransferEnvironment();
  await untilPolled(world);
});
afterAll(async () => {
  killStarters();
  await world.close();
});

const settings = () => ({ TEMPORAL_ADDRESS: world.address, TASK_QUEUE: world.taskQueue });
const starter = (...args: readonly string[]) => runStarter(args, settings());

testConcurrently({
  'npm run starter -- transfer': {
    async 'moves the money and prints the balances; the same id again moves nothing and says that it already exists'() {
      const { transferId, terms, from, to } = world.newTransfer('first');
      world.accounts.script('withdraw', from, losesResponse);
      const words = ['transfer', from, to, '100', '--id', transferId];
      const first = await runStarterProcess(words, settings());
      const line = `100 from ${from} to ${to}  ${from} 1000 → 900, ${to} 500 → 600`;
      expect(first).toEqual({ exitCode: 0, stdout: [`✓ ${transferId}  completed  ${line}`], stderr: [] });
      const again = await starter(...words);
      expect(again.exitCode).toBe(0);
      expect(again.stdout[0]).toContain('already exists (completed)');
      expect(world.balances(terms)).toEqual([90_000, 60_000]);
    },

    async 'refuses an id that exists with other terms'() {
      const { transferId, terms, from, to } = world.newTransfer('reused');
      await world.run(transferId, terms);
      const reused = await starter('transfer', from, to, '7', '--id', transferId);
      const known = `transfer ${transferId} already exists, with 100 from ${from} to ${to}; use another id`;
      expect(reused).toEqual({ exitCode: 1, stdout: [`✗ ${transferId}  not moved  ${known}`], stderr: [] });
      const json = await starter('transfer', from, to, '7', '--id', transferId, '--json');
      expect(JSON.parse(json.stdout[0] ?? '')).toMatchObject({ transferId, code: 'TRANSFER_ID_REUSED' });
      expect(world.balances(terms)).toEqual([90_000, 60_000]);
    },

    async 'submits several with different ids, and prints each result as a line of JSON'() {
      const { terms, from, to } = world.newTransfer('several');
      const { exitCode, stdout, stderr } = await starter('transfer', from, to, '0.10', '--count', '3', '--json');
      expect(exitCode).toBe(0);
      const results = stdout.map((line) => JSON.parse(line));
      expect(results).toHaveLength(3);
      for (const result of results) expect(result).toMatchObject({ ...terms, amountCents: 10, status: 'completed' });
      const ids = new Set(results.map(({ transferId }) => transferId));
      expect(ids.size).toBe(3);
      // Printed before they end, so that a user who is cut off does not pay twice.
      expect(new Set(stderr)).toEqual(new Set([...ids].map((id) => `${id} started`)));
      expect(world.balances(terms)).toEqual([99_970, 50_030]);
    },

    async 'says why nothing was moved, and exits with 1'() {
      const { terms, from, to } = world.newTransfer('poor');
      const poor = await starter('transfer', from, to, '1000.01', '--json');
      expect(poor.exitCode).toBe(1);
      expect(JSON.parse(poor.stdout[0] ?? '')).toMatchObject({
        error: `${from} has 1000, which is less than 1000.01; no money was moved`,
        code: 'TRANSFER_REFUSED',
      });
      expect(world.balances(terms)).toEqual([100_000, 50_000]);
    },

    async 'detaches on Ctrl-C, says how to check again, and the transfer keeps running'() {
      const { transferId, terms, from, to } = world.newTransfer('detached');
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      world.accounts.script('deposit', to, async ({ act, send }) => {
        await released;
        send(act());
      });
      const words = ['transfer', from, to, '100', '--id', transferId];
      const running = await startStarter(words, settings());
      await within('the withdrawal', () => world.accounts.balanceCents(from) === 90_000);
      running.interrupt();
      const { exitCode, stderr } = await running.ended;
      expect(exitCode).toBe(1);
      expect(stderr).toEqual([
        'detached: the transfer is still running',
        `check again:  npm run starter -- status ${transferId}`,
        `or wait:      npm run starter -- transfer ${from} ${to} 100 --id ${transferId}`,
      ]);
      release();
      await world.ending(transferId);
      expect(world.balances(terms)).toEqual([90_000, 60_000]);
    },
  },

  'a transfer is checked and cancelled by its id, or by its workflow id:': {
    async 'status shows its steps and what it is waiting for, and cancel refunds the money'() {
      const { transferId, workflowId, terms, from } = world.newTransfer('checked');
      world.accounts.script('withdraw', from, losesResponse);
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      // The worker retries each attempt that times out.
      const held = Array.from(
        { length: 20 },
        (): AccountBehaviour =>
          async ({ act, send }) => {
            await released;
            send(act());
          },
      );
      world.accounts.script('withdraw', from, ...held);
      await world.submit(transferId, terms);
      await within('the second withdrawal', () => world.accounts.calls(workflowId).length >= 2);
      const status = await starter('status', workflowId);
      expect(status.exitCode).toBe(0);
      expect(status.stdout.join('\n')).toContain('steps done    check balances');
      expect(status.stdout.join('\n')).toContain('current step  withdraw');
      expect(status.stdout.join('\n')).toMatch(/waiting for {3}withdraw, attempt \d+, last: /);
      expect((await starter('status', transferId)).stdout[0]).toBe(`transfer      ${transferId}`);
      const cancelling = await startStarter(['cancel', transferId], settings());
      await within('the cancellation', async () => (await world.progress(transferId)).cancelRequested);
      release();
      const cancelled = await cancelling.ended;
      expect(cancelled.exitCode).toBe(0);
      expect(cancelled.stdout.at(-1)).toContain('refunded  100');
      expect((await starter('cancel', workflowId)).stdout[0]).toContain('is already closed; nothing was cancelled');
      const ended = (await starter('status', transferId)).stdout.join('\n');
      expect(ended).toMatch(/^result {8}refunded/m);
      expect(ended).not.toMatch(/waiting for|current step/);
      const nobody = await starter('status', 'transfer-nobody');
      expect(nobody.stderr).toEqual([
        'there is no transfer nobody in the namespace default; see npm run starter -- list --transfers',
      ]);
      expect(nobody.exitCode).toBe(1);
      expect(world.balances(terms)).toEqual([100_000, 50_000]);
    },
  },
});
