import type { OrderSettings } from '../../src/contracts/order.ts';
import { type CreateOutcome, classifyOutcome } from '../../src/protocol/classify-outcome.ts';
import { type Conclusion, exactlyOne, type Steps } from '../../src/protocol/exactly-one.ts';
import { createLimits, voidDeadline } from '../../src/protocol/fence.ts';
import { lateWatch, type WatchConclusion, type WatchState } from '../../src/protocol/late-watch.ts';
import { initialState, type OrderState } from '../../src/protocol/order-state.ts';
import { decideSubmission, type RunStanding } from '../../src/protocol/resubmission.ts';
import { readWholeAnswer } from '../../src/protocol/whole-answer.ts';
import { createSimulatedTicketSystem, ORDER } from './simulated-ticket-system.ts';
import { type CreateFate, INTERVALS, type Story, WELL } from './story.ts';
import { createVirtualClock } from './virtual-clock.ts';

export interface Ending {
  readonly conclusion: Conclusion | undefined;
  /** Live tickets when nothing is left to happen. */
  readonly live: readonly string[];
  readonly watches: readonly WatchConclusion[];
  /** Creates that were sent although the same run had seen a ticket that was live then. */
  readonly createsDespiteTicket: number;
  /** Tickets from before the order that its cancellation took away. */
  readonly voidedOfBefore: number;
  readonly lines: readonly string[];
}

interface Run {
  alive: boolean;
  cancelled: boolean;
}

const NEVER = new Promise<never>(() => undefined);
const settings: OrderSettings = { ...INTERVALS, searchAttributes: false };

/** Plays a story with the real protocol: an order, its resubmissions and its late watches, until nothing is left. */
export async function play(story: Story): Promise<Ending> {
  const clock = createVirtualClock(1_000_000);
  let { serviceClockOffMs } = story;
  clock.at(clock.now() + story.serviceClockSteps.atMs, () => {
    serviceClockOffMs = story.serviceClockSteps.offMs;
  });
  const service = createSimulatedTicketSystem({
    guarantee: story.guarantee,
    clockMs: () => clock.now() + serviceClockOffMs,
    ticketsBefore: story.ticketsBefore,
    voidedBefore: story.voidedBefore,
  });
  const fates = { creates: [...story.creates], reads: [...story.reads], voids: [...story.voids] };
  const continueAsNew = [...story.continueAsNew];
  const lines: string[] = [];
  const tell = (line: string) => lines.push(`${clock.now() - 1_000_000} ms: ${line}`);
  const watches: WatchConclusion[] = [];
  const nowMs = () => clock.now() + story.workflowClockOffMs;
  let conclusion: Conclusion | undefined;
  let current = { alive: false, cancelled: false };
  let createsDespiteTicket = 0;
  let voidedOfBefore = 0;

  function begin(standing: RunStanding) {
    const submission = decideSubmission(ORDER.orderId, standing);
    if (submission.kind === 'attach') return;
    const run = { alive: true, cancelled: false };
    current = run;
    const termination = story.terminations[runs];
    runs += 1;
    if (termination !== undefined) {
      clock.at(clock.now() + termination.atMs, () => {
        if (!run.alive) return;
        run.alive = false;
        tell('the run is terminated');
        clock.at(clock.now() + termination.resubmitAfterMs, () => begin('closed without a result'));
      });
    }
    void processOrder(run, submission.resumed);
  }
  let runs = 0;

  async function processOrder(run: Run, resumed: boolean) {
    tell(`a run begins${resumed ? ', resumed' : ''}`);
    const guarantee = resumed ? story.guarantee : story.saidAtFirst;
    const begun = initialState({ guarantee, resumed, startedAtMs: nowMs(), intervals: settings });
    const ended = await decideToTheEnd(run, begun);
    if (ended.conclusion.kind === 'one ticket' && ended.conclusion.lateWatchMs !== undefined) {
      const { ticketId, lateWatchMs } = ended.conclusion;
      void watchFor({ promisedTicketId: ticketId, lateWatchMs, seen: ended.state.seen, voidedTicketIds: [] });
      await clock.sleep(story.watchStartMs);
      if (!run.alive) return;
    }
    run.alive = false;
    conclusion = ended.conclusion;
    tell(`the order ends: ${JSON.stringify(conclusion)}`);
  }

  /** Goes on in a new run whenever the history is too long, in the middle of a step too, with what survives as JSON. */
  async function decideToTheEnd(run: Run, begun: OrderState) {
    let known = begun;
    const steps = stepsOf(run, (state) => {
      known = state;
    });
    for (;;) {
      const ended = await exactlyOne(ORDER.orderId, steps, settings, JSON.parse(JSON.stringify(known))).catch(
        ifTooLong,
      );
      if (ended !== undefined && ended.conclusion.kind !== 'continue as new') return ended;
      if (ended !== undefined) known = ended.state;
      tell('goes on in a new run');
    }
  }

  async function watchFor(begun: WatchState) {
    const steps = stepsOf({ alive: true, cancelled: false }, undefined);
    watches.push(await lateWatch(begun, { ...steps, remember: () => undefined }));
  }

  /** @param remember of an order; a watch never goes on in a new run here */
  function stepsOf(run: Run, remember: ((state: OrderState) => void) | undefined): Steps {
    const isTooLong = () => remember !== undefined && continueAsNew.shift() === true;
    const breakOffIfTooLong = () => {
      if (isTooLong()) throw new HistoryTooLong();
    };
    /** What a terminated run waits for never comes. */
    const ifAlive = async <Value>(value: Promise<Value>): Promise<Value> => {
      const settled = await value;
      return run.alive ? settled : NEVER;
    };
    const seenLive = { now: false };
    return {
      nowMs,
      random: () => 0.5,
      sleep: (ms) => ifAlive(clock.sleep(ms)),
      sleepUnlessCancelled: (ms) => ifAlive(clock.sleep(ms)),
      validate: async (seen) => {
        breakOffIfTooLong();
        for (;;) {
          const fate = fates.reads.shift() ?? WELL.read;
          const requestedAtMs = nowMs();
          await ifAlive(clock.sleep(fate.delayMs));
          if (fate.fails) continue;
          const { tickets, asOfMs } = service.read(fate.ageMs);
          const context = { ...ORDER, seen, requestedAtMs, receivedAtMs: nowMs(), clockSkewMs: settings.clockSkewMs };
          const answer = readWholeAnswer({ kind: 'list', tickets, asOfMs }, context);
          if ('problem' in answer) continue;
          const live = answer.list.tickets.filter(({ voided }) => !voided).map(({ ticketId }) => ticketId);
          tell(`sees ${live.join(', ') || 'no ticket'} as of ${asOfMs - 1_000_000}`);
          seenLive.now = live.some((ticketId) => service.live().includes(ticketId));
          return answer.list;
        }
      },
      create: (request) => {
        if (seenLive.now) createsDespiteTicket += 1;
        return ifAlive(create(request, fates.creates.shift() ?? WELL.create));
      },
      voidTicket: async (ticketId, keep) => {
        breakOffIfTooLong();
        for (;;) {
          const fate = fates.voids.shift() ?? WELL.void;
          const deadlineMs = voidDeadline(nowMs(), settings.createDeadlineMs);
          let answer: 'voided' | { code: string } | undefined;
          clock.at(clock.now() + fate.arrivesAfterMs, () => {
            answer = service.voidTicket({ ticketId, keep, deadlineMs });
            if (keep === null && answer === 'voided' && ticketId.startsWith('before')) voidedOfBefore += 1;
            tell(`void of ${ticketId}, keep ${keep}: ${JSON.stringify(answer)}`);
          });
          await ifAlive(clock.sleep(Math.min(fate.arrivesAfterMs, settings.createDeadlineMs)));
          if (!fate.answered || answer === undefined) continue;
          if (answer === 'voided') return 'voided';
          if (answer.code === 'KEEPER_NOT_LIVE') return 'keeper-not-live';
        }
      },
      readGuarantee: async () => {
        breakOffIfTooLong();
        return story.guarantee;
      },
      cancelRequested: () => run.cancelled,
      mustContinueAsNew: isTooLong,
      onStep: (state) => remember?.(state),
      onOutcome: (outcome) => tell(`create: ${outcome.kind}`),
    };
  }

  async function create(request: { deadlineMs: number; key: string }, fate: CreateFate): Promise<CreateOutcome> {
    const { startToCloseMs } = createLimits(settings.createDeadlineMs, settings.clockSkewMs);
    if (fate.kind === 'not sent') return { kind: 'not sent', reason: 'never connected' };
    let result: { ticketId: string } | { code: string } | undefined;
    if (fate.kind === 'answered' || fate.kind === 'answered early' || fate.kind === 'worker dies') {
      clock.at(clock.now() + fate.commitAfterMs, () => {
        result = service.create({ deadlineMs: request.deadlineMs, idempotencyKey: request.key });
        tell(`the create arrives: ${JSON.stringify(result)}`);
      });
    }
    if (fate.kind === 'worker dies') {
      await clock.sleep(startToCloseMs);
      return { kind: 'unknown', reason: 'the worker did not report' };
    }
    const answeredAfterMs = (fate.kind === 'answered' ? fate.commitAfterMs : 0) + fate.answerAfterMs;
    const timeLeftMs = request.deadlineMs - nowMs();
    await clock.sleep(Math.min(answeredAfterMs, timeLeftMs));
    const lost = fate.kind === 'lost' || answeredAfterMs > timeLeftMs;
    if (lost) return classifyOutcome({ kind: 'no answer', connected: true, errorCodes: ['ECONNRESET'] }, ORDER);
    return classifyOutcome(answerOf(fate, result, service.voided()), ORDER);
  }

  clock.at(clock.now(), () => begin('none'));
  if (story.cancelAtMs !== undefined) {
    clock.at(clock.now() + story.cancelAtMs, () => {
      current.cancelled = true;
      tell('a cancellation is asked for');
    });
  }
  await clock.runToQuiescence();
  return { conclusion, live: service.live(), watches, createsDespiteTicket, voidedOfBefore, lines };
}

function answerOf(
  fate: CreateFate,
  result: { ticketId: string } | { code: string } | undefined,
  voidedTicketIds: readonly string[],
) {
  if (fate.kind === 'fails before') return { kind: 'answer', status: 500, errorCode: 'INTERNAL_ERROR' } as const;
  if (fate.kind === 'rejected') return { kind: 'answer', status: 422, errorCode: 'PAYMENT_DECLINED' } as const;
  if (fate.kind !== 'answered early' && (result === undefined || 'code' in result)) {
    return { kind: 'answer', status: 408, errorCode: result?.code ?? 'DEADLINE_PASSED' } as const;
  }
  switch (fate.answer) {
    case 'ticket':
      return result === undefined || 'code' in result
        ? ({ kind: 'answer', status: 500, errorCode: 'INTERNAL_ERROR' } as const)
        : ({ kind: 'answer', status: 201, ticket: { ...ORDER, ticketId: result.ticketId } } as const);
    case 'another ticket':
      return {
        kind: 'answer',
        status: 201,
        ticket: { ...ORDER, ticketId: voidedTicketIds[0] ?? 'never made' },
      } as const;
    case 'of another order':
      return { kind: 'answer', status: 201, ticket: { ...ORDER, orderId: 'order-2', ticketId: 'X' } } as const;
    case 'rejection':
      return { kind: 'answer', status: 422, errorCode: 'PAYMENT_DECLINED' } as const;
    case 'unauthorized':
      return { kind: 'answer', status: 401, errorCode: 'UNAUTHORIZED' } as const;
    case 'error 500':
      return { kind: 'answer', status: 500, errorCode: 'INTERNAL_ERROR' } as const;
  }
}

class HistoryTooLong extends Error {}

function ifTooLong(error: unknown): undefined {
  if (!(error instanceof HistoryTooLong)) throw error;
}
