import { ActivityFailure } from '@temporalio/common';
import { type ActivityOptions, log, scheduleActivity, sleep } from '@temporalio/workflow';
import {
  type ActivityRequest,
  type CreateActivityRequest,
  type CredentialsRequirement,
  HEARTBEAT_TIMEOUT_MS,
  type Mask,
  quoted,
} from '../contract/index.ts';
import { isAcceptedItem, isCreatedItem, isCredentials } from '../contract/result-shapes.ts';
import {
  type BackOff,
  type CreateOutcome,
  type CreateRequest,
  createLimits,
  fullJitterMs,
  type Timings,
} from '../protocol/index.ts';
import { repeatableCalls } from './activity-options.ts';
import type { Continuation } from './continue-as-new.ts';
import { acceptedOutcome, outcomeOfFailure } from './create-outcome.ts';
import type { Carried, Credentials } from './options.ts';
import { refusedIssuedAtMs } from './refused-credentials.ts';

/** The pause after refused credentials, before getting new ones, and after a result that no worker of ours reports. */
const BACK_OFF: BackOff = { baseMs: 200, capMs: 10_000 };

/** Time for an activity beside its requests. */
const MARGIN_MS = 5_000;

/** How long a request may take before the timings of the order are known. */
const DEFAULT_REQUEST_MS = 5_000;

/** How an activity that is safe to repeat is called. */
export interface CallOptions<Result> {
  /** Shown in Temporal's UI; at most 400 bytes. */
  readonly summary: string;
  /** Checks the result. Anybody who reaches the Temporal server can complete an activity, so it is called again otherwise. */
  readonly isValid: (result: unknown) => result is Result;
  /** How long one attempt may take, in milliseconds; default 10,000. */
  readonly startToCloseMs?: number;
}

/**
 * Calls an activity that is safe to repeat with an argument and an `ActivityRequest`. Temporal retries it until it
 * succeeds.
 * @returns its first valid result
 */
export type PrepareCall = <Result>(name: string, argument: unknown, options: CallOptions<Result>) => Promise<Result>;

export type Calls = ReturnType<typeof createCalls>;

/** The time-out of an activity whose requests may take as long as a create. */
export function startToCloseMsOf({ createDeadlineMs }: Timings): number {
  return createDeadlineMs + MARGIN_MS;
}

/**
 * Calls the activities of an order, each with the requirement that its credentials must satisfy. The credentials
 * themselves stay in the workers.
 * @param continuation interrupts the calls that are repeated without limit, since each lengthens the history
 * @param known which credentials are refused; it is updated
 */
export function createCalls({
  orderId,
  credentials,
  continuation: { interruptible },
  mask,
  known = {},
}: {
  readonly orderId: string;
  readonly credentials: Credentials | undefined;
  readonly continuation: Continuation;
  readonly mask: Mask | undefined;
  readonly known?: { -readonly [Name in keyof Pick<Carried, 'notIssuedBeforeMs'>]: Carried[Name] };
}) {
  const repeatable = repeatableCalls(DEFAULT_REQUEST_MS + MARGIN_MS);

  const scheduled = (name: string, args: readonly unknown[], options: ActivityOptions): Promise<unknown> =>
    scheduleActivity(name, [...args], options);

  /** If a call failed because its credentials were refused, the next one needs newer ones. */
  const noteRefusal = (error: unknown): boolean => {
    const issuedAtMs = refusedIssuedAtMs(error);
    if (issuedAtMs === undefined) return false;
    known.notIssuedBeforeMs = Math.max(known.notIssuedBeforeMs ?? 0, issuedAtMs + 1);
    hasCredentialsUntilMs = 0;
    return true;
  };

  /**
   * The result of a call that is safe to repeat. It is repeated until a result is valid: what is not, and failures that
   * Temporal does not retry, do not come from a worker of ours, unless credentials were refused.
   */
  const untilValid = async <Result>(
    call: (options: ActivityOptions) => Promise<unknown>,
    { summary, isValid, startToCloseMs }: CallOptions<Result>,
  ): Promise<Result> => {
    const timeout = startToCloseMs === undefined ? {} : { startToCloseTimeout: startToCloseMs };
    for (let round = 0; ; round += 1) {
      try {
        const result = await interruptible(() => call({ ...repeatable, ...timeout, summary }));
        if (isValid(result)) return result;
        log.warn('the result of an activity is not valid: it is called again', { result: quoted(result, mask) });
      } catch (error) {
        if (!(error instanceof ActivityFailure)) throw error;
        if (!noteRefusal(error)) log.warn('an activity failed unexpectedly: it is called again', { error });
      }
      await interruptible(() =>
        sleep(fullJitterMs(BACK_OFF, round, Math.random()), { summary: 'Back off before the next call' }),
      );
    }
  };

  /** Until when the credentials are valid that a worker obtained last; 0: none has. */
  let hasCredentialsUntilMs = 0;

  /** Makes sure that some worker has credentials that are valid until then, if the service requires any. */
  const request = async (validUntilMs: number, startToCloseMs?: number): Promise<ActivityRequest> => {
    if (credentials === undefined) return { orderId };
    const required: CredentialsRequirement = { notIssuedBeforeMs: known.notIssuedBeforeMs ?? 0, validUntilMs };
    if (hasCredentialsUntilMs <= validUntilMs) {
      const { obtain, summary = 'Get credentials' } = credentials;
      const obtained = await untilValid((options) => scheduled(obtain, [required], options), {
        summary,
        isValid: isCredentials,
        ...(startToCloseMs === undefined ? {} : { startToCloseMs }),
      });
      hasCredentialsUntilMs = obtained.validUntilMs;
    }
    return { orderId, credentials: required };
  };

  return {
    /** @param more fields of the request besides those that each has */
    repeat<Result>(name: string, input: unknown, more: object, options: CallOptions<Result>): Promise<Result> {
      return untilValid(async (activityOptions) => {
        const base = await request(Date.now(), options.startToCloseMs);
        return scheduled(name, [input, { ...base, ...more }], activityOptions);
      }, options);
    },

    /**
     * One create. Its deadline is fixed before the credentials are checked, so renewing them costs time, not safety.
     * @param options.whileRunning sends the create, or never does
     */
    async create(
      name: string,
      input: unknown,
      create: CreateRequest,
      {
        timings,
        summary,
        whileRunning,
      }: {
        readonly timings: Timings;
        readonly summary: string;
        readonly whileRunning: (send: () => Promise<unknown>) => Promise<unknown>;
      },
    ): Promise<CreateOutcome> {
      const base = await request(create.deadlineMs, startToCloseMsOf(timings));
      const limits = createLimits(timings.createDeadlineMs, timings.clockSkewMs);
      const options: ActivityOptions = {
        scheduleToStartTimeout: limits.scheduleToStartMs,
        startToCloseTimeout: limits.startToCloseMs,
        heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
        retry: { maximumAttempts: limits.maximumAttempts },
        summary,
      };
      try {
        const activityRequest: CreateActivityRequest = { ...base, ...create };
        const result = await whileRunning(() => scheduled(name, [input, activityRequest], options));
        if (isCreatedItem(result)) return { kind: 'committed', itemId: result.itemId };
        if (isAcceptedItem(result)) return acceptedOutcome(result);
        return { kind: 'unknown', reason: `the result of the create is not valid: ${quoted(result, mask)}` };
      } catch (error) {
        noteRefusal(error);
        return outcomeOfFailure(error);
      }
    },
  };
}
