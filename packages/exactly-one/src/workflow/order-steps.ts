import { condition, sleep } from '@temporalio/workflow';
import { cut, isGuarantee, isRecordOf } from '../contract/index.ts';
import type { CreateOutcome, Guarantee, OrderState, Steps } from '../protocol/index.ts';
import { type Calls, startToCloseMsOf } from './calls.ts';
import type { Cancellation } from './cancellation.ts';
import type { Continuation } from './continue-as-new.ts';
import type { Display } from './display.ts';
import type { ActivityNames, FullyPrepared } from './options.ts';
import { progressAt } from './progress-at.ts';
import type { Resolutions } from './resolutions.ts';
import { createServiceSteps, MAX_SUMMARY_LENGTH } from './service-steps.ts';
import { createSleepUntilCheck } from './sleep-until-check.ts';
import type { Words } from './words.ts';

const isGuaranteeResult = isRecordOf<{ readonly guarantee: Guarantee }>({ guarantee: isGuarantee });

/** The steps of the loop `exactlyOne`, made of activities and timers. */
export function createOrderSteps(options: {
  readonly orderId: string;
  readonly activities: ActivityNames;
  readonly prepared: FullyPrepared;
  readonly words: Words;
  readonly calls: Calls;
  readonly display: Display;
  readonly cancellation: Cancellation;
  readonly continuation: Continuation;
  readonly resolutions: Resolutions;
  /** Called before each step with the state to continue from, should the workflow continue as new. */
  readonly remember: (state: OrderState) => void;
}): Steps {
  const { orderId, activities, prepared, words, calls, display, cancellation, continuation, resolutions, remember } =
    options;
  const { input, timings } = prepared;
  const summaryOfPause = () => cut(display.current().detail, MAX_SUMMARY_LENGTH);
  const { validate, voidItem } = createServiceSteps({ orderId, activities, input, timings, item: words.item, calls });
  return {
    validate,
    voidItem: (itemId, keep) => resolutions.whileRunning('void', () => voidItem(itemId, keep)),
    nowMs: () => Date.now(),
    random: () => Math.random(),
    sleep: (ms) => continuation.interruptible(() => sleep(ms, { summary: summaryOfPause() })),
    sleepUntilCheck: createSleepUntilCheck(continuation, summaryOfPause),
    sleepUnlessCancelled: async (ms) => {
      await condition(cancellation.requested, ms);
    },
    create: (request) => {
      const summary = cut(`Create ${words.item}, attempt ${request.attempt}`, MAX_SUMMARY_LENGTH);
      const whileRunning = (send: () => Promise<unknown>) => resolutions.whileRunning('create', send);
      return calls.create(activities.create, input, request, { timings, summary, whileRunning });
    },
    readGuarantee: async () => {
      if (activities.readGuarantee === undefined) return prepared.guarantee;
      const summary = cut(`Read the guarantee of ${orderId}`, MAX_SUMMARY_LENGTH);
      const callOptions = { summary, isValid: isGuaranteeResult, startToCloseMs: startToCloseMsOf(timings) };
      return (await calls.repeat(activities.readGuarantee, input, {}, callOptions)).guarantee;
    },
    cancelRequested: cancellation.requested,
    resolution: resolutions.current,
    onStep: (state, step) => {
      remember(state);
      display.show(progressAt(state, step, { timings, words, before: display.current(), nowMs: Date.now() }));
    },
    onOutcome: (outcome) => display.addOutcome(describeOutcome(outcome)),
  };
}

function describeOutcome(outcome: CreateOutcome): string {
  return outcome.kind === 'committed' ? `committed: ${outcome.itemId}` : `${outcome.kind}: ${outcome.reason}`;
}
