import { afterEach, expect, test } from '@jest/globals';
import { refuses } from './behaviours.ts';
import { CANARIES, canariesIn } from './canaries.ts';
import { createScriptedEnvironment } from './order-environment.ts';
import { runStarter } from './starter/starter-here.ts';
import { storedOf } from './stored-in-temporal.ts';
import { startWorkerProcess } from './worker-process.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

test('neither a password in an address nor what a reason contains is in a history, a log or an output', async () => {
  const environment = await createScriptedEnvironment('deadline', { withWorker: false });
  closers.push(environment.close);
  const { tickets, taskQueue, address } = environment;
  const worker = await startWorkerProcess({
    temporalAddress: address,
    taskQueue,
    ticketSystemUrl: tickets.url.replace('://', '://operator:canary-password@'),
    accountApiUrl: 'http://operator:canary-password@127.0.0.1:9',
  });
  const orderId = environment.orderId('given-up');
  const transferId = `${orderId}-moves`;
  tickets.break('reservation', orderId, refuses(500, 'INTERNAL_ERROR'));
  await environment.submit(orderId);
  await environment.untilOrder(orderId, 'its request', () => tickets.calls('reservation', orderId).length > 1);
  const settings = { TEMPORAL_ADDRESS: address, TASK_QUEUE: taskQueue };
  const reason = `gone: ${CANARIES.join(', ')}, http://me:canary-password@host, Bearer canary-token-1234`;
  const outputs = [
    await runStarter(['transfer', 'account_A', 'account_B', '1', '--id', transferId, '--no-wait'], settings),
    await runStarter(['status', orderId], settings),
    await runStarter(['give-up', orderId, '--reason', reason], settings),
    await runStarter(['status', orderId, '--json'], settings),
  ];
  await environment.ending(orderId);
  const stored = await storedOf(environment, orderId);
  await environment.client.workflow.getHandle(`transfer-${transferId}`).terminate();
  await worker.child.stop(20_000);

  const all = [stored, ...worker.lines, JSON.stringify(outputs)].join('\n');
  // The search finds what is there: the status shows the failed request.
  expect(outputs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
  expect(all).toContain('http://***@');
  expect(all).not.toContain('canary');
  expect(canariesIn(all)).toEqual([]);
});

const COMMANDS: readonly string[][] = [
  ['order', 'CANARY'],
  ['order', '1', '--count', 'CANARY'],
  ['transfer', 'CANARY', 'account_B', '1'],
  ['transfer', 'account_A', 'CANARY', '1'],
  ['transfer', 'account_A', 'account_B', 'CANARY.001'],
  ['transfer', 'account_A', 'account_B', '1', '--id', 'CANARY'],
  ['status', 'CANARY'],
  ['status', 'transfer-CANARY'],
  ['cancel', 'CANARY'],
  ['give-up', 'CANARY', '--reason', 'gone'],
  ['give-up', 'order-1', '--reason', 'gone', 'CANARY'],
  ['order', '--CANARY'],
  ['CANARY'],
];

test.each(COMMANDS.map((args) => [args.join(' '), args] as const))(
  'the starter neither accepts nor repeats a card number: %s',
  async (_, args) => {
    // No server is there: a command that went on would say so.
    const settings = { TEMPORAL_ADDRESS: '127.0.0.1:9' };
    for (const canary of CANARIES) {
      const given = args.map((arg) => arg.replace('CANARY', canary));
      const { exitCode, stdout, stderr } = await runStarter(given, settings);
      expect([given, exitCode]).toEqual([given, 2]);
      expect(canariesIn(JSON.stringify([stdout, stderr]))).toEqual([]);
    }
  },
);
