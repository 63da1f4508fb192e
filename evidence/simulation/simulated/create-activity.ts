import { type CreateOutcome, type CreateRequest, createLimits } from 'exactly-one';
import { httpOutcomes } from 'exactly-one/http';
import { REJECTING_CODES } from '../../../src/contracts/ticket-system.ts';
import type { PlannedCreate } from '../scenario/planned-requests.ts';
import { sendCreate } from './create-request.ts';
import type { WithheldResponses } from './plans.ts';
import type { Caller } from './temporal.ts';
import { ORDER } from './ticket-system.ts';
import type { World } from './world.ts';

const OUTCOMES = httpOutcomes({ rejecting: REJECTING_CODES });

/** One attempt of a create. */
export interface CreateAttempt {
  readonly create: CreateRequest;
  readonly plan: PlannedCreate;
  readonly requestId: string;
  readonly runId: string;
  /** When the workflow decided to create, in true time. */
  readonly decidedAtMs: number;
  readonly withheld: WithheldResponses;
}

/** The activity `createTicket` as its workflow experiences it, with the timeouts and attempts that Temporal allows. */
export async function createTicket(
  world: World,
  caller: Caller,
  create: CreateAttempt['create'],
  runId: string,
): Promise<CreateOutcome> {
  const { clock, plans, protocol, scenario } = world;
  const limits = createLimits(scenario.timings.createDeadlineMs, scenario.timings.clockSkewMs);
  const withheld = plans.withheldResponses();
  const activityId = caller.nextActivityId();
  const decidedAtMs = clock.now();
  for (let attempt = 1; ; attempt += 1) {
    const plan = plans.nextCreate();
    if (attempt === 1) await caller.sleep(plan.scheduledAfterMs);
    await caller.sleep(Math.min(plan.startedAfterMs, limits.scheduleToStartMs));
    if (plan.startedAfterMs > limits.scheduleToStartMs) {
      return { kind: 'not sent', reason: 'no worker started the activity in time' };
    }
    const requestId = protocol.requestId({ runId: caller.executionId(), activityId, attempt });
    const timeoutMs = Math.min(limits.startToCloseMs, plan.heartbeatMissedAfterMs ?? Number.POSITIVE_INFINITY);
    const outcome = await outcomeWithin(world, timeoutMs, {
      create,
      plan,
      requestId,
      runId,
      decidedAtMs,
      withheld,
    });
    await caller.sleep(0);
    if (outcome !== undefined) return outcome;
    if (attempt >= limits.maximumAttempts) return { kind: 'unknown', reason: 'the worker did not report' };
  }
}

/** @returns undefined when the worker has not reported in time; it continues to work nevertheless */
function outcomeWithin(world: World, timeoutMs: number, attempt: CreateAttempt): Promise<CreateOutcome | undefined> {
  return new Promise((resolve) => {
    world.clock.at(world.clock.now() + timeoutMs, () => resolve(undefined));
    void runOnWorker(world, attempt).then((outcome) => {
      if (outcome !== undefined) resolve(outcome);
    });
  });
}

/** @returns undefined when the worker crashes */
async function runOnWorker(world: World, attempt: CreateAttempt): Promise<CreateOutcome | undefined> {
  const { clock, clocks, checker, scenario, protocol, trace } = world;
  const { create, plan, requestId } = attempt;
  const { createDeadlineMs } = scenario.timings;
  const { deadlineMs } = create;
  const { machineSleepsMs = 0, retryAfterMs } = plan;
  const startedAtMs = clock.now();
  /** The wall clock counts the sleep of the machine, the monotonic clock does not. */
  const readClocks = () => ({
    nowMs: clocks.read('worker'),
    elapsedMs: clock.now() - startedAtMs - (clock.now() > startedAtMs ? machineSleepsMs : 0),
  });
  const timeLeftMs = () => protocol.timeLeftToSendMs({ ...readClocks(), deadlineMs, createDeadlineMs });
  const tooLate = { kind: 'not sent', reason: 'its deadline had passed' } as const;

  if (timeLeftMs() <= 0) return tooLate;
  await clock.sleep(plan.sentAfterMs + machineSleepsMs);
  if (timeLeftMs() <= 0) return tooLate;
  const { nowMs, elapsedMs } = readClocks();
  checker.createSent(requestId, { byWallClockMs: nowMs - deadlineMs, byMonotonicMs: elapsedMs - createDeadlineMs });
  trace('worker', () => `sends create ${requestId} (key ${create.idempotencyKey}, deadline ${deadlineMs})`);
  const exchange = await sendCreate(world, attempt, timeLeftMs());
  if (exchange === undefined) {
    trace('worker', () => 'crashes');
    return undefined;
  }
  const outcome = OUTCOMES.classify(exchange, ORDER);
  checker.outcomeClassified(exchange, outcome);
  const mayAskForPause = outcome.kind === 'unknown' || outcome.kind === 'not sent';
  return mayAskForPause && retryAfterMs !== undefined ? { ...outcome, retryAfterMs } : outcome;
}
