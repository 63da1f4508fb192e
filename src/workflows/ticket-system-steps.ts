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
import type { CarriedOrder, OrderSettings } from '../contracts/order.ts';
import type { Reservation, TicketActivities, TokenRequirement } from '../contracts/ticket-activities.ts';
import { outcomeOfFailure } from './create-outcome.ts';
import { refusedTokenIssuedAtMs } from './refused-token.ts';

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
 * The calls of the ticket system as steps of a workflow: each with its activity, its timeouts and the requirement that
 * its token must satisfy. The token itself stays in the workers.
 * @param continueAsNewIfSuggested called before each call that may be repeated without limit, since each call lengthens
 *   the history
 * @param known which tokens are refused; it is updated
 */
export function createTicketSystemSteps(
  orderId: string,
  settings: OrderSettings,
  continueAsNewIfSuggested: () => Promise<void>,
  known: Pick<CarriedOrder, 'notIssuedBeforeMs'> = {},
) {
  const { createDeadlineMs, clockSkewMs } = settings;
  const repeatable = proxyActivities<TicketActivities>(repeatableCalls(settings));
  const limits = createLimits(createDeadlineMs, clockSkewMs);
  const once = proxyActivities<TicketActivities>({
    scheduleToStartTimeout: limits.scheduleToStartMs,
    startToCloseTimeout: limits.startToCloseMs,
    retry: { maximumAttempts: limits.maximumAttempts },
  });
  /** Until when the token is valid that a worker obtained last; 0: none has. */
  let hasTokenUntilMs = 0;

  const requireToken = async (validUntilMs: number): Promise<TokenRequirement> => {
    const required = { notIssuedBeforeMs: known.notIssuedBeforeMs ?? 0, validUntilMs };
    if (hasTokenUntilMs <= validUntilMs) {
      const options = { summary: 'Get a token of the ticket system' };
      hasTokenUntilMs = (await repeatable.getToken.executeWithOptions(options, [required])).validUntilMs;
    }
    return required;
  };

  /** If a call failed because its token was refused, the next one needs a newer token. */
  const noteRefusedToken = (error: unknown): boolean => {
    const issuedAtMs = refusedTokenIssuedAtMs(error);
    if (issuedAtMs === undefined) return false;
    known.notIssuedBeforeMs = Math.max(known.notIssuedBeforeMs ?? 0, issuedAtMs + 1);
    hasTokenUntilMs = 0;
    return true;
  };

  const withToken = async <Result>(call: (token: TokenRequirement) => Promise<Result>): Promise<Result> => {
    for (let round = 0; ; round += 1) {
      await continueAsNewIfSuggested();
      const token = await requireToken(Date.now());
      try {
        return await call(token);
      } catch (error) {
        if (!noteRefusedToken(error)) throw error;
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
        token: await requireToken(limits.deadlineMs),
        ...limits,
        ...(guarantee === 'idempotency-key' ? { idempotencyKey } : {}),
      };
      try {
        const options = { summary: `Create ticket, attempt ${attempt}` };
        const { ticketId } = await once.createTicket.executeWithOptions(options, [request]);
        return { kind: 'committed', itemId: ticketId };
      } catch (error) {
        noteRefusedToken(error);
        return outcomeOfFailure(error);
      }
    },
  };
}
