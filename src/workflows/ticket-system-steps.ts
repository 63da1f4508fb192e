import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { proxyActivities, sleep } from '@temporalio/workflow';
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
import { failures } from '../contracts/failures.ts';
import type { OrderSettings } from '../contracts/order.ts';
import type { Reservation, TicketActivities, Token } from '../contracts/ticket-activities.ts';
import { outcomeOfFailure } from './create-outcome.ts';

/** The pause after a refused token, before getting a new one. */
const TOKEN_BACK_OFF: BackOff = { baseMs: 200, capMs: 10_000 };

/** Options of the activities that are safe to repeat: Temporal retries them until they succeed. */
export function repeatableCalls({ createDeadlineMs }: Pick<OrderSettings, 'createDeadlineMs'>) {
  return {
    startToCloseTimeout: createDeadlineMs + 5_000,
    retry: { initialInterval: '1s', maximumInterval: '10s' },
  } as const;
}

export type TicketSystemSteps = ReturnType<typeof createTicketSystemSteps>;

/**
 * The calls of the ticket system as steps of a workflow: each with its activity, its timeouts and a valid token.
 * @param continueAsNewIfSuggested called before each call that may be repeated without limit, since each call lengthens
 *   the history
 */
export function createTicketSystemSteps(
  orderId: string,
  settings: OrderSettings,
  continueAsNewIfSuggested: () => Promise<void>,
) {
  const { createDeadlineMs, clockSkewMs } = settings;
  const repeatable = proxyActivities<TicketActivities>(repeatableCalls(settings));
  const limits = createLimits(createDeadlineMs, clockSkewMs);
  const once = proxyActivities<TicketActivities>({
    scheduleToStartTimeout: limits.scheduleToStartMs,
    startToCloseTimeout: limits.startToCloseMs,
    retry: { maximumAttempts: limits.maximumAttempts },
  });
  let token: Token | undefined;

  const tokenValidUntil = async (untilMs: number): Promise<string> => {
    if (token === undefined || token.expiresAtMs <= untilMs) {
      token = await repeatable.getToken.executeWithOptions({ summary: 'Get a token of the ticket system' }, []);
    }
    return token.token;
  };

  const withToken = async <Result>(call: (token: string) => Promise<Result>): Promise<Result> => {
    for (let round = 0; ; round += 1) {
      await continueAsNewIfSuggested();
      const validToken = await tokenValidUntil(Date.now());
      try {
        return await call(validToken);
      } catch (error) {
        if (!isTokenExpired(error)) throw error;
        token = undefined;
        await sleep(fullJitterMs(TOKEN_BACK_OFF, round, Math.random()), { summary: 'Back off before a new token' });
      }
    }
  };

  return {
    /** @param expected the reservation id of an earlier call */
    getReservation(expected?: string): Promise<Reservation> {
      return withToken((token) =>
        repeatable.getReservation({ orderId, token, ...(expected === undefined ? {} : { expected }) }),
      );
    },

    validate(reservationId: string, seen: SeenItems): Promise<ItemList> {
      return withToken((token) => repeatable.validateTicket({ orderId, reservationId, token, seen }));
    },

    voidTicket(reservationId: string, ticketId: string, keep: string | null): Promise<VoidResult> {
      const summary = keep === null ? `Void ${ticketId}` : `Void ${ticketId}, keep ${keep}`;
      return withToken((token) =>
        repeatable.voidTicket.executeWithOptions({ summary }, [
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
        token: await tokenValidUntil(limits.deadlineMs),
        ...limits,
        ...(guarantee === 'idempotency-key' ? { idempotencyKey } : {}),
      };
      const outcome = await once.createTicket
        .executeWithOptions({ summary: `Create ticket, attempt ${attempt}` }, [request])
        .then(({ ticketId }): CreateOutcome => ({ kind: 'committed', itemId: ticketId }), outcomeOfFailure);
      if ('tokenRefused' in outcome && outcome.tokenRefused === true) token = undefined;
      return outcome;
    },
  };
}

function isTokenExpired(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof ApplicationFailure &&
    error.cause.type === failures.tokenExpired
  );
}
