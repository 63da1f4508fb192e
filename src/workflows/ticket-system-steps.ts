import { ActivityFailure } from '@temporalio/common';
import { log, proxyActivities, sleep } from '@temporalio/workflow';
import {
  type BackOff,
  type CreateOutcome,
  type CreateRequest,
  createLimits,
  fullJitterMs,
  type ItemList,
  type SeenItems,
  type VoidResult,
} from 'exactly-one';
import {
  type CredentialsRequirement,
  cut,
  HEARTBEAT_TIMEOUT_MS,
  isCredentials,
  isItemList,
  isVoidResult,
} from 'exactly-one/contract';
import { isCreated, isReservation } from '../contracts/activity-results.ts';
import type { CarriedOrder, OrderSettings } from '../contracts/order.ts';
import { quoted } from '../contracts/secrets.ts';
import type { Reservation, TicketActivities } from '../contracts/ticket-activities.ts';
import { repeatableCalls } from './activity-options.ts';
import type { Continuation } from './continue-as-new.ts';
import { outcomeOfFailure } from './create-outcome.ts';
import { refusedIssuedAtMs } from './refused-token.ts';

/** The pause after a refused token, before getting a new one, and after a result that no worker of ours reports. */
const BACK_OFF: BackOff = { baseMs: 200, capMs: 10_000 };

/** Temporal's limit for the summary of an activity or a timer, in bytes. */
export const MAX_SUMMARY_LENGTH = 400;

type IsValid<Result> = (result: unknown) => result is Result;

export type TicketSystemSteps = ReturnType<typeof createTicketSystemSteps>;

/**
 * The calls of the ticket system as steps of a workflow: each with its activity, its timeouts and the requirement that
 * its token must satisfy. The token itself stays in the workers.
 * @param continuation interrupts the calls that are repeated without limit, since each lengthens the history
 * @param known which tokens are refused; it is updated
 */
export function createTicketSystemSteps(
  orderId: string,
  settings: OrderSettings,
  { interruptible }: Continuation,
  known: Pick<CarriedOrder, 'notIssuedBeforeMs'> = {},
) {
  const { createDeadlineMs, clockSkewMs } = settings;
  const repeatable = proxyActivities<TicketActivities>(repeatableCalls(createDeadlineMs + 5_000));
  const limits = createLimits(createDeadlineMs, clockSkewMs);
  const once = proxyActivities<TicketActivities>({
    scheduleToStartTimeout: limits.scheduleToStartMs,
    startToCloseTimeout: limits.startToCloseMs,
    heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
    retry: { maximumAttempts: limits.maximumAttempts },
  });
  /**
   * The result of calls that are safe to repeat. They are repeated until a result is valid: what is not, and failures
   * that Temporal does not retry, do not come from a worker of ours, unless a token was refused.
   */
  const untilValid = async <Result>(isValid: IsValid<Result>, call: () => Promise<unknown>): Promise<Result> => {
    for (let round = 0; ; round += 1) {
      try {
        const result = await interruptible(call);
        if (isValid(result)) return result;
        log.warn('the result of an activity is not valid: it is called again', { result: quoted(result) });
      } catch (error) {
        if (!(error instanceof ActivityFailure)) throw error;
        if (!noteRefusedToken(error)) log.warn('an activity failed unexpectedly: it is called again', { error });
      }
      const summary = 'Back off before the next call';
      await interruptible(() => sleep(fullJitterMs(BACK_OFF, round, Math.random()), { summary }));
    }
  };

  /** Until when the token is valid that a worker obtained last; 0: none has. */
  let hasTokenUntilMs = 0;

  const requireToken = async (validUntilMs: number): Promise<CredentialsRequirement> => {
    const required = { notIssuedBeforeMs: known.notIssuedBeforeMs ?? 0, validUntilMs };
    if (hasTokenUntilMs <= validUntilMs) {
      const options = { summary: 'Get a token of the ticket system' };
      const getToken = () => repeatable.getToken.executeWithOptions(options, [required]);
      hasTokenUntilMs = (await untilValid(isCredentials, getToken)).validUntilMs;
    }
    return required;
  };

  /** If a call failed because its token was refused, the next one needs a newer token. */
  const noteRefusedToken = (error: unknown): boolean => {
    const issuedAtMs = refusedIssuedAtMs(error);
    if (issuedAtMs === undefined) return false;
    known.notIssuedBeforeMs = Math.max(known.notIssuedBeforeMs ?? 0, issuedAtMs + 1);
    hasTokenUntilMs = 0;
    return true;
  };

  const withToken = <Result>(isValid: IsValid<Result>, call: (token: CredentialsRequirement) => Promise<unknown>) =>
    untilValid(isValid, async () => call(await requireToken(Date.now())));

  return {
    /** @param expected the reservation id of an earlier call */
    getReservation(expected?: string): Promise<Reservation> {
      const options = { summary: `Get the reservation of ${orderId}` };
      return withToken(isReservation, (token) =>
        repeatable.getReservation.executeWithOptions(options, [
          { orderId, token, ...(expected === undefined ? {} : { expected }) },
        ]),
      );
    },

    validate(reservationId: string, seen: SeenItems): Promise<ItemList> {
      const options = { summary: `Check: does ${orderId} have a ticket?` };
      return withToken(isItemList, (token) =>
        repeatable.validateTicket.executeWithOptions(options, [{ orderId, reservationId, token, seen }]),
      );
    },

    voidTicket(reservationId: string, ticketId: string, keep: string | null): Promise<VoidResult> {
      const summary = keep === null ? `Void ${ticketId}` : `Void ${ticketId}, keep ${keep}`;
      const options = { summary: cut(summary, MAX_SUMMARY_LENGTH) };
      return withToken(isVoidResult, (token) =>
        repeatable.voidTicket.executeWithOptions(options, [
          { orderId, reservationId, token, ticketId, keep, createDeadlineMs },
        ]),
      );
    },

    /** One create. Its deadline is fixed before the token is checked, so renewing the token costs time, not safety. */
    async create(
      reservationId: string,
      { attempt, guarantee, idempotencyKey, ...limits }: CreateRequest,
    ): Promise<CreateOutcome> {
      const request = {
        orderId,
        reservationId,
        token: await requireToken(limits.deadlineMs),
        ...limits,
        ...(guarantee === 'idempotency-key' ? { idempotencyKey } : {}),
      };
      try {
        const options = { summary: `Create ticket, attempt ${attempt}` };
        const result: unknown = await once.createTicket.executeWithOptions(options, [request]);
        if (isCreated(result)) return { kind: 'committed', itemId: result.ticketId };
        return { kind: 'unknown', reason: `the result of the create is not valid: ${quoted(result)}` };
      } catch (error) {
        noteRefusedToken(error);
        return outcomeOfFailure(error);
      }
    },
  };
}
