import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { holds, resetsConnection } from './behaviours.ts';
import { deadlineOf } from './in-memory-ticket-system.ts';
import { expectExactlyOne, expectFenceKept, outcomesOfRequests } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment, within } from './order-environment.ts';
import { startWorkerProcess } from './worker-process.ts';
import { resultOf } from './workflow-endings.ts';

const createDeadlineMs = 2_000;
/** For a create that is in flight while its worker stops, on a busy machine too. */
const FAR_DEADLINE_MS = 20_000;

let environment: ScriptedEnvironment;
beforeAll(async () => {
  environment = await createScriptedEnvironment('deadline', { withWorker: false, createDeadlineMs });
});
afterAll(() => environment.close());

/** @param deadlineMs of the creates of orders that begin with this worker */
const startProcess = (deadlineMs: number) =>
  startWorkerProcess({
    temporalAddress: environment.address,
    taskQueue: environment.taskQueue,
    ticketSystemUrl: environment.tickets.url,
    createDeadlineMs: deadlineMs,
  });

test('each create of a worker that freezes, is killed or is stopped is accounted for', async () => {
  const { tickets, submit, quiescence, progress } = environment;
  const first = await startProcess(createDeadlineMs);

  // Frozen while it reads the vault, the worker wakes up past the deadline: it must not send the create.
  const frozen = environment.orderId('frozen');
  const vault = holds(tickets.respondCorrectly);
  tickets.script('vault', frozen, vault.behaviour);
  await submit(frozen);
  const frozenAtMs = (await vault.reached).atMs;
  process.kill(first.child.pid, 'SIGSTOP');
  vault.release();
  await within('the deadline to pass', () => Date.now() > frozenAtMs + createDeadlineMs);
  process.kill(first.child.pid, 'SIGCONT');
  expectExactlyOne(tickets, frozen, await quiescence(frozen));
  expect(tickets.calls('create', frozen)).toHaveLength(1);
  for (const create of tickets.calls('create', frozen)) expect(create.atMs).toBeLessThanOrEqual(deadlineOf(create));

  // Killed while two creates are in flight: their outcomes are unknown, and the next worker validates.
  const [made, notMade] = [environment.orderId('made'), environment.orderId('not-made')];
  const makes = holds((call) => void call.act());
  const makesNothing = holds(resetsConnection);
  tickets.script('create', made, makes.behaviour);
  tickets.script('create', notMade, makesNothing.behaviour);
  await Promise.all([submit(made), submit(notMade)]);
  await Promise.all([makes.reached, makesNothing.reached]);
  makes.release();
  await first.child.kill();
  const second = await startProcess(FAR_DEADLINE_MS);
  const [madeEnding, notMadeEnding] = await Promise.all([quiescence(made), quiescence(notMade)]);
  expectExactlyOne(tickets, made, madeEnding);
  expect(tickets.calls('create', made)).toHaveLength(1);
  expectExactlyOne(tickets, notMade, notMadeEnding);
  expect(tickets.calls('create', notMade)).toHaveLength(2);
  expectFenceKept(tickets, notMade, 0);
  expect(outcomesOfRequests(await progress(notMade))[0]).toMatch(/^unknown: the worker did not report/);
  // It says what it resumes, once for each order.
  const resumed = second.lines.filter((line) => line.includes('"msg":"resumes')).map((line) => JSON.parse(line));
  expect(resumed.map(({ workflowId, msg }) => [workflowId, msg]).sort()).toEqual(
    [made, notMade].sort().map((orderId) => [orderId, 'resumes after createTicket (outcome unknown)']),
  );

  // Stopped while a create is in flight: the create is finished and reported.
  const finished = environment.orderId('finished');
  const responds = holds(tickets.respondCorrectly);
  tickets.script('create', finished, responds.behaviour);
  await submit(finished);
  await responds.reached;
  const stopped = second.child.stop(20_000);
  await second.child.output.lineMatching(/worker is stopping/);
  const stopsSinceMs = Date.now();
  await within('the time in which a create would be aborted', () => Date.now() > stopsSinceMs + 500);
  responds.release();
  expect(await stopped).toEqual({ code: 0, signal: null });
  const last = await environment.startWorker();
  const finishedEnding = await quiescence(finished);
  expectExactlyOne(tickets, finished, finishedEnding);
  expect(outcomesOfRequests(await progress(finished))).toEqual([`committed: ${resultOf(finishedEnding).ticketId}`]);
  await last.stop();
});
