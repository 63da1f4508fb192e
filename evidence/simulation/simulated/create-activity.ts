import { type CreateExchange, type CreateOutcome, classifyOutcome, createLimits, type Steps } from 'exactly-one';
import { type CreateReply, coveredMs, type PlannedCreate, type ReportedTicket } from '../scenario/scenario.ts';
import { type CreateArriving, ORDER } from './ticket-system.ts';
import type { Caller, World } from './world.ts';

type CreateRequest = Parameters<Steps['create']>[0];

/** One attempt as it is known to the machines on its way. */
interface Attempt {
  readonly request: CreateRequest;
  readonly fate: PlannedCreate;
  readonly requestId: string;
  /** True time at which the workflow decided it. */
  readonly decidedAtMs: number;
  readonly runId: string;
  /** What its fate says and nobody may hear: everything, or that it was committed. */
  readonly muted: 'nothing' | 'commits' | 'everything';
}

const MUTE: CreateReply = { kind: 'silence', connected: true, errorCodes: ['ECONNRESET'] };
const NO_ANSWER: CreateExchange = { kind: 'no response', connected: true, errorCodes: ['ECONNRESET'] };

/** The activity `createTicket` as the workflow lives through it: its time-outs and attempts are Temporal's. */
export async function create(
  world: World,
  caller: Caller,
  request: CreateRequest,
  { runId, muted }: Pick<Attempt, 'runId' | 'muted'>,
): Promise<CreateOutcome> {
  const { clock, fates, parts, scenario } = world;
  const { createDeadlineMs, clockSkewMs } = scenario.timings;
  const limits = createLimits(createDeadlineMs, clockSkewMs);
  const activityId = caller.nextActivityId();
  const decidedAtMs = clock.now();
  for (let attempt = 1; ; attempt += 1) {
    const fate = fates.create();
    if (attempt === 1) await caller.sleep(fate.scheduledAfterMs);
    await caller.sleep(Math.min(fate.takenAfterMs, limits.scheduleToStartMs));
    if (fate.takenAfterMs > limits.scheduleToStartMs) return { kind: 'not sent', reason: 'no worker took it' };
    const requestId = parts.requestId({ runId: caller.executionId(), activityId, attempt });
    const reported = await reportWithin(world, limits.startToCloseMs, {
      request,
      fate,
      requestId,
      decidedAtMs,
      runId,
      muted,
    });
    await caller.sleep(0);
    if (reported !== undefined) return reported;
    if (attempt >= limits.maximumAttempts) return { kind: 'unknown', reason: 'the worker did not report' };
  }
}

/** @returns undefined when the worker did not report in time: it works on all the same */
function reportWithin(world: World, startToCloseMs: number, attempt: Attempt): Promise<CreateOutcome | undefined> {
  return new Promise((resolve) => {
    world.clock.at(world.clock.now() + startToCloseMs, () => resolve(undefined));
    void work(world, attempt).then((outcome) => {
      if (outcome !== undefined) resolve(outcome);
    });
  });
}

/** What the worker does with the task; undefined: it dies. */
async function work(world: World, attempt: Attempt): Promise<CreateOutcome | undefined> {
  const { clock, clocks, checker, scenario, say } = world;
  const { request, fate } = attempt;
  const { createDeadlineMs } = scenario.timings;
  const { deadlineMs } = request;
  const takenAtMs = clock.now();
  const clocksOfWorker = () => {
    const elapsedMs = clock.now() - takenAtMs - (clock.now() > takenAtMs ? (fate.sleepsMs ?? 0) : 0);
    return { nowMs: clocks.read('worker'), elapsedMs };
  };
  const timeLeftMs = () => world.parts.sendTimeLeftMs({ ...clocksOfWorker(), deadlineMs, createDeadlineMs });
  const tooLate = { kind: 'not sent', reason: 'its deadline was over' } as const;

  if (timeLeftMs() <= 0) return tooLate;
  await clock.sleep(fate.sentAfterMs + (fate.sleepsMs ?? 0));
  if (timeLeftMs() <= 0) return tooLate;
  const { nowMs, elapsedMs } = clocksOfWorker();
  checker.sent(attempt.requestId, { byWallMs: nowMs - deadlineMs, byMonotonicMs: elapsedMs - createDeadlineMs });
  say('worker', () => `sends the create ${attempt.requestId}, key ${request.key}, deadline ${deadlineMs}`);
  const exchange = await exchangeOf(world, attempt, timeLeftMs());
  if (exchange === undefined) {
    say('worker', () => 'dies');
    return undefined;
  }
  const outcome = classifyOutcome(exchange, ORDER);
  checker.judged(exchange, outcome);
  const { retryAfterMs } = fate;
  if (retryAfterMs === undefined || (outcome.kind !== 'unknown' && outcome.kind !== 'not sent')) return outcome;
  return { ...outcome, retryAfterMs };
}

/** What the worker hears within `timeoutMs`; undefined: it dies. */
function exchangeOf(world: World, attempt: Attempt, timeoutMs: number): Promise<CreateExchange | undefined> {
  const { clock, occasions } = world;
  const { fate, muted } = attempt;
  const reply = isMuted(fate.reply, muted) ? MUTE : fate.reply;
  const sentAtMs = clock.now();
  return new Promise((resolve) => {
    clock.at(sentAtMs + timeoutMs, () => resolve(NO_ANSWER));
    deliver(world, attempt, (answer) => {
      if (reply.kind !== 'truth') return;
      clock.at(clock.now() + fate.repliesAfterMs, () => resolve(answer));
    });
    occasions.came('create');
    if (reply.kind === 'worker dies') resolve(undefined);
    else if (reply.kind !== 'truth') clock.at(sentAtMs + fate.repliesAfterMs, () => resolve(heard(world, reply)));
  });
}

function isMuted(reply: CreateReply, muted: Attempt['muted']): boolean {
  if (muted === 'commits') return reply.kind === 'truth' || (reply.kind === 'response' && reply.status === 201);
  return muted === 'everything';
}

/** Brings the request to the service: once, never, or again. */
function deliver(world: World, attempt: Attempt, onAnswer: (answer: CreateExchange) => void): void {
  const { clock, service, occasions, say } = world;
  const { fate, request, runId } = attempt;
  if (fate.arrivesAfterMs === undefined) return;
  const arriving: CreateArriving = {
    byRun: runId,
    fingerprint: fate.otherPayment === true ? 'other' : 'same',
    ...(fate.losesDeadline ? {} : { deadlineMs: request.deadlineMs }),
    ...(request.guarantee === 'idempotency-key' ? { idempotencyKey: request.key } : {}),
  };
  const arrive = () => {
    const before = service.items().length;
    const answer = service.create(arriving);
    say('ticket system', () => `the create ${attempt.requestId} arrives: ${JSON.stringify(answer)}`);
    if (service.items().length > before) {
      if (fate.goneAtOnce === true) letGo(world);
      occasions.came('commit');
    }
    onAnswer(answer);
  };
  const firstMs = clock.now() + fate.arrivesAfterMs;
  for (const atMs of [
    firstMs,
    ...(fate.arrivesAgainAfterMs === undefined ? [] : [firstMs + fate.arrivesAgainAfterMs]),
  ]) {
    const arrivesAtMs = Math.min(atMs, latestArrivalMs(world, attempt));
    world.fates.troubled(arrivesAtMs);
    clock.at(arrivesAtMs, arrive);
  }
}

/** Somebody takes the newest ticket out of circulation. */
function letGo({ service, clocks, say }: World): void {
  const itemId = service.items().at(-1)?.itemId ?? 'none';
  const said = service.voidItem({ itemId, keep: null, deadlineMs: clocks.read('service') + 1_000_000 });
  say('somebody', () => `void of ${itemId}: ${said}`);
}

/** With guarantee `none` only so much is covered; after a rejection an order checks up to the fence and no further. */
function latestArrivalMs({ scenario }: World, { fate, decidedAtMs }: Attempt): number {
  if (scenario.guarantee !== 'none' || scenario.breaks === 'every commit is covered') return Number.POSITIVE_INFINITY;
  const { createDeadlineMs, settleMs, clockSkewMs } = scenario.timings;
  const mayReject = fate.reply.kind === 'response' && [400, 403, 404, 422].includes(fate.reply.status);
  return decidedAtMs + (mayReject ? createDeadlineMs + settleMs - 2 * clockSkewMs : coveredMs(scenario.timings));
}

/** An answer that does not come from the commit. */
function heard(world: World, reply: CreateReply): CreateExchange {
  if (reply.kind === 'silence') {
    return { kind: 'no response', connected: reply.connected, errorCodes: reply.errorCodes };
  }
  if (reply.kind !== 'response') return NO_ANSWER;
  const { status, errorCode, ticket } = reply;
  return {
    kind: 'response',
    status,
    ...(ticket === undefined ? {} : { item: told(world, ticket) }),
    ...(errorCode === undefined ? {} : { errorCode }),
  };
}

function told({ service }: World, ticket: ReportedTicket) {
  const idOf = (found: { readonly itemId: string } | undefined) => found?.itemId ?? 'never-made';
  switch (ticket) {
    case 'the one made':
      return { ...ORDER, itemId: idOf(service.live().at(-1)) };
    case 'of another order':
      return { ...ORDER, orderId: 'order-2', itemId: 'X' };
    case 'of another reservation':
      return { ...ORDER, reservationId: 'R-2', itemId: idOf(service.live().at(-1)) };
    case 'voided':
      return { ...ORDER, itemId: idOf(service.items().find(({ voided }) => voided)) };
    case 'there before':
      return { ...ORDER, itemId: idOf(service.items()[0]) };
    case 'never made':
      return { ...ORDER, itemId: 'never-made' };
  }
}
