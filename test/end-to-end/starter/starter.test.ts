import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { counted } from '../../../src/contracts/counted.ts';
import { freePort } from '../../../src/platform/processes/free-port.ts';
import {
  startTicketSystem,
  type TicketSystemUnderTest,
} from '../../../src/services/ticket-system/ticket-system.fixture.ts';
import { testConcurrently } from '../../../testbed/concurrent-tests.ts';
import { POISON_PAYLOADS } from '../../../testbed/poison-payloads.ts';
import { createRawRequests } from '../../../testbed/raw-requests.ts';
import { holds, neverResponds, refuses } from '../behaviours.ts';
import {
  createOrderEnvironment,
  createScriptedEnvironment,
  type OrderEnvironment,
  type ScriptedEnvironment,
  within,
} from '../order-environment.ts';
import { resultOf } from '../workflow-endings.ts';
import { runStarter } from './starter-here.ts';
import { killStarters, runStarterProcess, startStarter, untilPolled } from './starter-process.ts';

/** Long enough for a busy machine to send each create on the first attempt. */
const createDeadlineMs = 4_000;
/** A calm system creates once. Its orders never settle, so that a longer deadline costs nothing. */
const calmDeadlineMs = 30_000;

/** Our own ticket system, without faults. */
let system: TicketSystemUnderTest;
let calm: OrderEnvironment;
/** A ticket system that misbehaves as scripted. */
let scripted: ScriptedEnvironment;
let withoutWorker: OrderEnvironment;
beforeAll(async () => {
  system = await startTicketSystem({ guarantee: 'deadline' });
  const url = await system.app.listen({ host: '127.0.0.1', port: 0 });
  calm = await createOrderEnvironment(url, { createDeadlineMs: calmDeadlineMs });
  scripted = await createScriptedEnvironment('deadline', { createDeadlineMs });
  withoutWorker = await createOrderEnvironment('http://127.0.0.1:9', { withWorker: false });
  for (const world of [calm, scripted]) await untilPolled(world);
});
afterAll(async () => {
  killStarters();
  await withoutWorker.close();
  await scripted.close();
  await calm.close();
  await system.stop();
});

/** The settings with which a starter finds the orders of a world. */
const settingsOf = ({ address, taskQueue }: OrderEnvironment) => ({ TEMPORAL_ADDRESS: address, TASK_QUEUE: taskQueue });
const starter = (world: OrderEnvironment, ...args: readonly string[]) => runStarter(args, settingsOf(world));
const starterProcess = (world: OrderEnvironment, ...args: readonly string[]) =>
  runStarterProcess(args, settingsOf(world));

/** A status with this row of the order's progress: a busy worker may respond too late to the query for it. */
const statusWith = (row: string, world: OrderEnvironment, orderId: string) =>
  within(`a status with its ${row}`, async () => {
    const status = await starter(world, 'status', orderId);
    return status.stdout.some((line) => line.startsWith(row)) && status;
  });

const ticketOf = async (world: OrderEnvironment, orderId: string) => resultOf(await world.ending(orderId)).ticketId;
const statusOf = async (world: OrderEnvironment, orderId: string) =>
  (await world.client.workflow.getHandle(orderId).describe()).status.name;

/** An order whose checks for tickets get no response until they are released. */
function heldOrder(name: string) {
  const orderId = scripted.orderId(name);
  const { behaviour, reached, release } = holds(scripted.tickets.respondCorrectly);
  scripted.tickets.break('list', orderId, behaviour);
  return { orderId, reached, release };
}

/** An order that is waiting for its reservation, which the ticket system keeps refusing. */
async function waitingOrder(name: string) {
  const orderId = scripted.orderId(name);
  scripted.tickets.break('reservation', orderId, refuses(503, 'SHUTTING_DOWN'));
  await scripted.submit(orderId);
  await scripted.untilOrder(orderId, 'a failed attempt', async () => {
    const { raw } = await scripted.client.workflow.getHandle(orderId).describe();
    return (raw.pendingActivities ?? []).some(({ lastFailure }) => lastFailure);
  });
  return orderId;
}

testConcurrently({
  // First, since the starter waits up to ten seconds for the server.
  'when Temporal is unreachable, the starter': {
    async 'exits with 1 and says which address it tried and what to do'() {
      const address = `127.0.0.1:${await freePort()}`;
      const { exitCode, stderr } = await runStarterProcess(['status', 'order-7'], { TEMPORAL_ADDRESS: address });
      expect(stderr.slice(0, 2)).toEqual([
        expect.stringContaining(`waiting 10 s for a Temporal server at ${address}, where nothing listens`),
        `No connection to the Temporal server at ${address} (namespace default).`,
      ]);
      expect(stderr.join('\n')).toMatch(/npm start[\s\S]*TEMPORAL_ADDRESS=host:7233/);
      expect(exitCode).toBe(1);
    },

    async 'is stopped by Ctrl-C, and says that it has changed nothing'() {
      const sockets: Socket[] = [];
      const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      // Only a server that listens on a pipe has another type of address.
      const { port } = silent.address() as AddressInfo;
      try {
        const running = await startStarter(['order'], { TEMPORAL_ADDRESS: `127.0.0.1:${port}` });
        await once(silent, 'connection');
        running.interrupt();
        expect(await running.ended).toEqual({
          exitCode: 1,
          stdout: [],
          stderr: ['stopped while connecting to Temporal: nothing was submitted or changed'],
        });
      } finally {
        silent.close();
        for (const socket of sockets) socket.destroy();
      }
    },
  },

  'starter order': {
    async 'prints the ticket; the same order again prints the same ticket and says that it already exists'() {
      // A bare number gets the prefix order-, and an order given twice is submitted once.
      const [orderId, other] = ['order-271828', calm.orderId('again')];
      const first = await starterProcess(calm, 'order', '271828');
      // A busy machine may need a second create.
      const ending = async (id: string) => {
        const { ticketId, createAttempts } = resultOf(await calm.ending(id));
        return { ticketId, creates: counted(createAttempts, 'create') };
      };
      const { ticketId, creates } = await ending(orderId);
      expect(first).toEqual({ exitCode: 0, stdout: [`✓ ${orderId}  ${ticketId}  ${creates}`], stderr: [] });

      const { exitCode, stdout } = await starter(calm, 'order', orderId, other, '271828');
      const others = await ending(other);
      expect(stdout.toSorted()).toEqual([
        `✓ ${other.padEnd(orderId.length)}  ${others.ticketId}  ${others.creates}`,
        `✓ ${orderId.padEnd(other.length)}  ${ticketId}  already exists (completed), ${creates}`,
      ]);
      expect(exitCode).toBe(0);
    },

    async 'with --count and --json prints exactly one line per order: the result of its workflow'() {
      const { exitCode, stdout, stderr } = await starterProcess(calm, 'order', '--count', '3', '--json');
      const printed = stdout.map((line) => JSON.parse(line));
      const results = printed.map(async ({ orderId }) => resultOf(await calm.ending(orderId)));
      expect(printed).toEqual(await Promise.all(results));
      expect(new Set(printed.map(({ orderId }) => orderId)).size).toBe(3);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: [] });
    },

    async 'completes its orders and exits with 0 although the reader of its output has exited, such as head'() {
      const orderIds = Array.from({ length: 5 }, (_, index) => calm.orderId(`closed-pipe-${index}`));
      const running = await startStarter(['order', '--json', ...orderIds], settingsOf(calm));
      running.closeStdout();
      expect(await running.ended).toEqual({ exitCode: 0, stdout: [], stderr: [] });
      for (const orderId of orderIds) expect(await statusOf(calm, orderId)).toBe('COMPLETED');
    },

    async 'exits with 1 for a rejected order, and with --json prints its error and code'() {
      const orderId = scripted.orderId('rejected');
      scripted.tickets.break('create', orderId, refuses(422, 'PAYMENT_DECLINED'));
      const { exitCode, stdout } = await starterProcess(scripted, 'order', orderId, '--json');
      expect(stdout.map((line) => JSON.parse(line))).toEqual([
        { orderId, error: expect.stringContaining('PAYMENT_DECLINED'), code: 'ORDER_REJECTED' },
      ]);
      expect(exitCode).toBe(1);
    },

    async 'with --no-wait submits the order, says how to check again, and exits'() {
      const { orderId, release } = heldOrder('no-wait');
      const { exitCode, stdout } = await starter(scripted, 'order', orderId, '--no-wait');
      expect(await statusOf(scripted, orderId)).toBe('RUNNING');
      expect(stdout).toEqual([
        `${orderId} started`,
        `check again:  npm run starter -- status ${orderId}`,
        `or wait:      npm run starter -- order ${orderId}`,
      ]);
      expect(exitCode).toBe(0);
      release();
      resultOf(await scripted.ending(orderId));
    },

    async 'detaches on Ctrl-C, says how to check again, and the order keeps running'() {
      const { orderId, reached, release } = heldOrder('detached');
      const running = await startStarter(['order', orderId], settingsOf(scripted));
      await reached;
      running.interrupt();
      expect(await running.ended).toEqual({
        exitCode: 1,
        stdout: [],
        stderr: [
          'detached: the order is still running',
          `check again:  npm run starter -- status ${orderId}`,
          `or wait:      npm run starter -- order ${orderId}`,
        ],
      });
      expect(await statusOf(scripted, orderId)).toBe('RUNNING');
      release();
      resultOf(await scripted.ending(orderId));
    },

    async 'says that no worker is polling, and detaches on a Ctrl-C that comes while it submits'() {
      const orderIds = Array.from({ length: 60 }, (_, index) => withoutWorker.orderId(`waiting-${index}`));
      const running = await startStarter(['order', '--json', ...orderIds], settingsOf(withoutWorker));
      await within('the first order to be submitted', () =>
        statusOf(withoutWorker, orderIds[0] ?? '').catch(() => undefined),
      );
      running.interrupt();
      const { exitCode, stdout, stderr } = await running.ended;
      expect(stderr.slice(0, 2)).toEqual([
        `no worker is polling the task queue ${withoutWorker.taskQueue}; the orders will wait for one (npm run worker)`,
        'detached: 60 of 60 orders are still running',
      ]);
      expect(stdout.map((line) => JSON.parse(line))).toEqual(
        orderIds.map((orderId) => ({ orderId, error: 'detached: the order is still running', code: 'DETACHED' })),
      );
      expect(exitCode).toBe(1);
    },
  },

  'wrong use': {
    async 'exits with 2 and says what is allowed'() {
      const { exitCode, stdout, stderr } = await runStarterProcess(['order', '--conut', '3']);
      expect(stderr.join('\n')).toMatch(
        /unknown option '--conut'\n\(Did you mean --count\?\)\nHelp: npm run starter -- order --help/,
      );
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: [] });
    },
  },

  'an id that another program uses': {
    async 'is reported as such: what its workflow reports is neither taken for a ticket nor ends the starter'() {
      const { client } = withoutWorker;
      const orderId = withoutWorker.orderId('foreign');
      const queue = `foreign-${orderId}`;
      const { start, completeWorkflow } = createRawRequests(client);
      const broken = POISON_PAYLOADS['broken JSON'];
      await start(queue, 'processOrder', orderId, [broken], { memo: { fields: { poison: broken } } });
      const status = await starter(withoutWorker, 'status', orderId);
      expect(status).toMatchObject({
        exitCode: 0,
        stdout: expect.arrayContaining([expect.stringContaining('running')]),
      });
      await completeWorkflow(queue, broken);
      const { exitCode, stdout } = await starter(withoutWorker, 'order', orderId);
      expect(stdout).toEqual([expect.stringMatching(/unknown {2}a workflow of another program has this id/)]);
      expect(exitCode).toBe(1);
    },
  },

  'starter status': {
    async 'of a running order shows its progress, what it is waiting for and what failed last'() {
      const orderId = await waitingOrder('status');
      const { exitCode, stdout } = await statusWith('phase', scripted, orderId);
      const isExplanation = (line: string) => line.startsWith(' '.repeat(14));
      expect(stdout.filter((line) => !isExplanation(line))).toEqual([
        `order         ${orderId}`,
        expect.stringMatching(/^run {11}running, [0-9a-f-]{36}$/),
        expect.stringMatching(/^started {7}\d\d:\d\d:\d\d, .* ago$/),
        // On a stalled machine the attempt may have timed out.
        expect.stringMatching(/^waiting for {3}getReservation, attempt \d+, last: .*(503 SHUTTING_DOWN|StartToClose)/),
        expect.stringMatching(/^phase {9}preparing: /),
        'creates       0',
        'Temporal UI   address not known: set TEMPORAL_UI_URL',
      ]);
      // When the next attempt is or since when it is under way, and the line of the source.
      expect(stdout.findIndex(isExplanation)).toBe(4);
      const explanations = stdout.filter(isExplanation).map((line) => /next attempt|under way|at /.exec(line)?.[0]);
      expect(explanations).not.toContain(undefined);
      expect(new Set(explanations).size).toBe(explanations.length);
      expect(exitCode).toBe(0);
    },

    async 'of a running order prints the same as one line of JSON with --json'() {
      const orderId = await waitingOrder('status-json');
      const { exitCode, stdout } = await starter(scripted, 'status', orderId, '--json');
      expect(stdout.map((line) => JSON.parse(line))).toEqual([
        {
          orderId,
          run: 'running',
          runId: (await scripted.client.workflow.getHandle(orderId).describe()).runId,
          progress: await scripted.progress(orderId),
          pending: [
            {
              activity: 'getReservation',
              attempt: expect.any(Number),
              // On a stalled machine the attempt may have timed out.
              lastFailure: expect.stringMatching(/503 SHUTTING_DOWN|StartToClose/),
            },
          ],
          startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
          waitingFor: [expect.objectContaining({ kind: 'activity', activity: 'getReservation' })],
        },
      ]);
      expect(exitCode).toBe(0);
    },

    async 'of a completed order shows its ticket'() {
      const orderId = calm.orderId('status-completed');
      await calm.submit(orderId);
      const { reservationId, ticketId } = resultOf(await calm.ending(orderId));
      const { exitCode, stdout } = await statusWith('reservation', calm, orderId);
      expect(stdout).toEqual([
        `order         ${orderId}`,
        expect.stringMatching(/^run {11}completed, [0-9a-f-]{36}$/),
        expect.stringMatching(/^ended {9}\d\d:\d\d:\d\d, after /),
        `ticket        ${ticketId}`,
        `reservation   ${reservationId}`,
        'guarantee     deadline',
        'creates       1',
        expect.stringMatching(/^ {14}committed/),
        expect.stringMatching(/^fence {9}\d{4}-.*Z$/),
        'Temporal UI   address not known: set TEMPORAL_UI_URL',
      ]);
      expect(exitCode).toBe(0);
    },

    async 'of an unknown id says that there is neither an order nor a transfer, and where to look'() {
      const id = calm.orderId('unknown');
      const lists = 'see npm run starter -- list or npm run starter -- list --transfers';
      expect(await starter(calm, 'status', id)).toEqual({
        exitCode: 1,
        stdout: [],
        stderr: [`there is no order ${id} and no transfer ${id} in the namespace default; ${lists}`],
      });
    },

    async 'of an order that no worker takes says so, and asks no worker for its progress'() {
      const orderId = withoutWorker.orderId('abandoned');
      await withoutWorker.submit(orderId);
      const { exitCode, stdout } = await starter(withoutWorker, 'status', orderId);
      const { taskQueue } = withoutWorker;
      expect(stdout.slice(3)).toEqual([
        `waiting for   a worker: none polls the task queue ${taskQueue}`,
        '              start one: npm run worker',
        'Temporal UI   address not known: set TEMPORAL_UI_URL',
      ]);
      expect(exitCode).toBe(0);
    },

    async 'of an order whose workflow task fails shows the error and its line, and that the order has not failed'() {
      const { client } = withoutWorker;
      const orderId = withoutWorker.orderId('failing');
      const queue = `failing-${orderId}`;
      const { start, failWorkflowTask } = createRawRequests(client);
      await start(queue, 'processOrder', orderId, []);
      await failWorkflowTask(queue, {
        message: 'Division by zero',
        stackTrace: 'RangeError: Division by zero\n    at run (/project/src/workflows/process-order.ts:71:40)',
      });
      await within('the second attempt', async () => {
        const { raw } = await client.workflow.getHandle(orderId).describe();
        return (raw.pendingWorkflowTask?.attempt ?? 0) > 1;
      });
      const { stdout } = await starter(withoutWorker, 'status', orderId);
      expect(stdout.slice(3, 6)).toEqual([
        'waiting for   a fix: its workflow task fails, attempt 2, last: RangeError: Division by zero',
        '              at run (src/workflows/process-order.ts:71)',
        '              the order has not failed: Temporal repeats the task until the code of the workflow is right',
      ]);
      const json = await starter(withoutWorker, 'status', orderId, '--json');
      expect(JSON.parse(json.stdout[0] ?? '').waitingFor[0]).toMatchObject({
        kind: 'workflow task',
        attempt: 2,
        error: 'RangeError: Division by zero',
        at: 'run (src/workflows/process-order.ts:71)',
      });
    },

    async 'and cancel, of an id that an order and a transfer have, ask which one is meant'() {
      const id = withoutWorker.orderId('both');
      await withoutWorker.submit(id);
      await starter(withoutWorker, 'transfer', 'account_A', 'account_B', '1', '--id', id, '--no-wait');
      for (const command of ['status', 'cancel']) {
        const { exitCode, stdout, stderr } = await starter(withoutWorker, command, id);
        expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: [] });
        expect(stderr[0]).toContain('is both an order and a transfer; say which one you mean');
      }
      const first = async (...args: readonly string[]) => (await starter(withoutWorker, 'status', ...args)).stdout[0];
      expect(await first(id, '--order')).toBe(`order         ${id}`);
      expect(await first(id, '--transfer')).toBe(`transfer      ${id}`);
      expect(await first(`transfer-${id}`)).toBe(`transfer      ${id}`);
    },
  },

  'starter list': {
    async 'shows the state, the creates and the ticket of the orders of the task queue, the newest first'() {
      const [first, second] = [calm.orderId('list-1'), calm.orderId('list-2')];
      for (const orderId of [first, second]) {
        await calm.submit(orderId);
        await ticketOf(calm, orderId);
      }
      const { exitCode, stdout } = await starter(calm, 'list', '--limit', '100');
      const row = async (orderId: string) => {
        const { createAttempts, ticketId } = resultOf(await calm.ending(orderId));
        return expect.stringMatching(
          new RegExp(`^${orderId} +completed +${createAttempts} +[\\d.]+ (s|min).* ${ticketId}$`),
        );
      };
      expect(stdout[0]).toMatch(/^ORDER +STATE +CREATES +AGE {2}TICKET \/ WAITING FOR$/);
      const rows = stdout.filter((line) => line.startsWith('list-'));
      expect(rows).toEqual([await row(second), await row(first)]);
      expect(exitCode).toBe(0);
      const json = await starter(calm, 'list', '--json', '--limit', '100');
      expect(json.stdout.map((line) => JSON.parse(line))).toContainEqual(
        expect.objectContaining({
          orderId: second,
          run: 'completed',
          state: 'completed',
          createAttempts: resultOf(await calm.ending(second)).createAttempts,
          ticketId: await ticketOf(calm, second),
          waitingFor: [],
        }),
      );
    },

    async '--waiting shows only those that wait, and what for; --transfers shows transfers'() {
      const world = await createOrderEnvironment('http://127.0.0.1:9', { withWorker: false });
      try {
        const orderId = world.orderId('waits');
        const closed = world.orderId('closed');
        for (const id of [orderId, closed]) await world.submit(id);
        await world.terminate(closed);
        await starter(world, 'transfer', 'account_A', 'account_B', '1', '--id', orderId, '--no-wait');
        const reason = `no worker polls the task queue ${world.taskQueue} \\(npm run worker\\)$`;
        await within('both runs to be listed', async () => {
          const { stdout } = await starter(world, 'list', '--json');
          return stdout.length === 2 && stdout.some((line) => line.includes('TERMINATED'));
        });
        const orders = await starter(world, 'list', '--waiting');
        expect(orders.stdout.slice(1)).toEqual([
          expect.stringMatching(new RegExp(`^${orderId} +running +[\\d.]+ .*${reason}`)),
        ]);
        const transfers = await starter(world, 'list', '--transfers');
        expect(transfers.stdout.slice(1)).toEqual([
          expect.stringMatching(new RegExp(`^${orderId} +running +1 from account_A to account_B +.*${reason}`)),
        ]);
      } finally {
        await world.close();
      }
    },
  },

  'starter cancel': {
    async 'cancels a running order and waits until it has verified that there is no ticket'() {
      const { orderId, release } = heldOrder('cancelled');
      await scripted.submit(orderId);
      const running = await startStarter(['cancel', orderId], settingsOf(scripted));
      await running.untilLine(/cancelling; it first checks for tickets/);
      expect(await statusOf(scripted, orderId)).toBe('RUNNING');
      release();
      const { exitCode, stdout } = await running.ended;
      expect(await statusOf(scripted, orderId)).toBe('CANCELLED');
      expect(stdout.at(-1)).toBe(`✗ ${orderId}  no ticket  the order was cancelled and has no ticket`);
      expect(exitCode).toBe(0);
    },

    async 'of an order that already has a ticket says that it came too late, and exits with 1'() {
      const { orderId, release } = heldOrder('too-late');
      const { ticketId } = scripted.tickets.addTicket(orderId);
      await scripted.submit(orderId);
      const running = await startStarter(['cancel', orderId], settingsOf(scripted));
      await running.untilLine(/cancelling/);
      release();
      const { exitCode, stdout } = await running.ended;
      expect(stdout.at(-1)).toBe(`✓ ${orderId}  ${ticketId}  found an existing ticket, the cancellation came too late`);
      expect(exitCode).toBe(1);
    },

    async 'of a completed order changes nothing, and says so'() {
      const orderId = calm.orderId('cancel-completed');
      await calm.submit(orderId);
      const ticketId = await ticketOf(calm, orderId);
      const { exitCode, stdout } = await starter(calm, 'cancel', orderId);
      expect(stdout).toEqual([
        `${orderId} is already closed; nothing was cancelled`,
        `✓ ${orderId}  ${ticketId}  1 create`,
      ]);
      expect(exitCode).toBe(1);
      expect(await statusOf(calm, orderId)).toBe('COMPLETED');
    },
  },

  'without a worker, starter': {
    async 'cancel and give-up say what they wait for, and stop waiting on Ctrl-C'() {
      const orderId = withoutWorker.orderId('stuck');
      await withoutWorker.submit(orderId);
      for (const args of [
        ['cancel', orderId],
        ['give-up', orderId, '--reason', 'gone'],
      ]) {
        const detach = new AbortController();
        const { exitCode, stderr } = await runStarter(args, settingsOf(withoutWorker), {
          signal: detach.signal,
          onNote: (line) => line.includes(' waits: ') && detach.abort(),
        });
        expect(stderr[0]).toMatch(
          new RegExp(
            `^${orderId}.* waits: no worker polls the task queue ${withoutWorker.taskQueue} \\(npm run worker\\)( \\(this command waits until [\\d:]+\\))?$`,
          ),
        );
        expect(exitCode).toBe(1);
      }
    },
  },

  'starter resolve and unresolved': {
    async 'list an order whose ticket system hangs, and end it by what a person says'() {
      const orderId = scripted.orderId('resolved');
      scripted.tickets.break('list', orderId, neverResponds);
      await scripted.submit(orderId);
      await scripted.untilOrder(
        orderId,
        'its check for tickets',
        () => scripted.tickets.calls('list', orderId).length > 0,
      );
      // Temporal's lists lag behind.
      await scripted.untilOrder(orderId, 'its line in the list', async () => {
        const { stdout } = await starter(scripted, 'unresolved', '--for', '0s', '--json', '--limit', '100');
        return stdout.some((line) => JSON.parse(line).orderId === orderId);
      });
      const younger = await starter(scripted, 'unresolved', '--for', '1d', '--json');
      expect(younger.stdout).toEqual([]);

      const args = ['resolve', orderId, '--none', '--reason', 'nothing in the back office', '--by', 'Ada'];
      const { exitCode, stdout, stderr } = await starter(scripted, ...args);
      expect(stdout.join('\n')).toContain('as Ada says: nothing in the back office');
      expect(stderr.join('\n')).toContain('your word and not proof');
      expect(exitCode).toBe(0);
      const again = await starter(scripted, ...args);
      expect(again.stdout).toEqual([`${orderId} is failed; nothing was resolved`]);
      expect(again.exitCode).toBe(1);

      // Nobody has found out what exists, so the order that is submitted again goes on waiting.
      const first = (await scripted.client.workflow.getHandle(orderId).describe()).startTime.toISOString();
      await scripted.submit(orderId);
      await scripted.untilOrder(orderId, 'both runs in the list', async () => {
        const unresolved = await starter(scripted, 'unresolved', '--for', '0s', '--json', '--limit', '100');
        const listed = unresolved.stdout.map((line) => JSON.parse(line)).find((each) => each.orderId === orderId);
        return listed?.run === 'running' && listed.waitingSince === first && listed.startedAt > first;
      });
      await scripted.giveUp(orderId, 'enough seen');
    },
  },

  'starter audit': {
    async 'lists what a person has said apart from what orders have found, beside the tickets that there are'() {
      const tickets = await startTicketSystem({ guarantee: 'none' });
      const url = await tickets.app.listen({ host: '127.0.0.1', port: 0 });
      const world = await createOrderEnvironment(url, { createDeadlineMs: 1_500, searchAttributes: false });
      const settings = { ...settingsOf(world), TICKET_SYSTEM_URL: url };
      const auditedAs = (expected: object) =>
        within('the audit', async () => {
          const { stdout, exitCode } = await runStarter(['audit', '--json'], settings);
          const audit = JSON.parse(stdout[0] ?? '');
          return Object.entries(expected).every(([name, value]) => audit[name] === value) && { ...audit, exitCode };
        });
      try {
        const [found, claimed] = [world.orderId('found'), world.orderId('claimed')];
        await world.submit(found);
        await world.ending(found);
        tickets.fault({ point: 'validate', kind: 'error-500' });
        await world.submit(claimed);
        await world.untilPhase(claimed, 'validating');
        const said = ['--none', '--reason', 'nothing in the back office', '--by', 'Ada'];
        expect((await runStarter(['resolve', claimed, ...said], settings)).exitCode).toBe(0);
        // The ticket comes late, and no watch covers it.
        const { ticketId } = (await tickets.create(claimed, await tickets.reserve(claimed))).json();

        const claim = { orderId: claimed, none: true, reason: 'nothing in the back office', by: 'Ada' };
        expect(await auditedAs({ orders: 2, oneTicket: 1, open: 0 })).toMatchObject({
          ...{ noTicket: 0, unknown: 0, exitCode: 1 },
          claims: [{ ...claim, found: { live: [ticketId], voided: [] }, contradicted: true }],
          ticketSystem: { orders: 2, exactlyOne: 2 },
        });
        const { stdout } = await runStarter(['audit'], settings);
        const lines = stdout.join('\n').split('\n');
        expect(lines).toContainEqual(
          expect.stringMatching(new RegExp(`^ {2}${claimed} {2}no ticket, says Ada, .*: nothing in the back office$`)),
        );
        expect(lines).toContain(`    in the ticket system: ${ticketId}. This contradicts it`);
        expect(lines.at(-1)).toBe('2 orders: 1 with one ticket, 1 claimed (1 contradicted)');

        tickets.fault();
        expect((await world.submit(claimed)).submissionResult).toBe('resumed');
        expect(resultOf(await world.quiescence(claimed))).toMatchObject({ ticketId, createAttempts: 0 });
        expect(await auditedAs({ orders: 2, oneTicket: 2, open: 0 })).toMatchObject({ claims: [], exitCode: 0 });
      } finally {
        await world.close();
        await tickets.stop();
      }
    },
  },

  'starter give-up': {
    async 'closes an order whose ticket system hangs, as unresolved'() {
      const orderId = scripted.orderId('given-up');
      scripted.tickets.break('list', orderId, neverResponds);
      await scripted.submit(orderId);
      await scripted.untilOrder(
        orderId,
        'its check for tickets',
        () => scripted.tickets.calls('list', orderId).length > 0,
      );
      const { exitCode, stdout } = await starter(scripted, 'give-up', orderId, '--reason', 'gone for good');
      expect(stdout).toEqual([`${orderId} was given up and recorded as unresolved: gone for good`]);
      expect(exitCode).toBe(0);
      expect(await scripted.ending(orderId)).toMatchObject({ kind: 'failed', type: 'GivenUp' });
    },
  },
});
