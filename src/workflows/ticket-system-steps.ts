import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import {
  type BackOff,
  type CreateOutcome,
  createLimits,
  fullJitterMs,
  type Guarantee,
  type ItemList,
  type SeenItems,
  type VoidResult,
} from 'exactly-one';
import { failures } from '../contracts/failures.ts';
import type { OrderSettings } from '../contracts/order.ts';
import type { TicketActivities, Token } from '../contracts/ticket-activities.ts';
import { outcomeOfFailure } from './create-outcome.ts';
import { HistoryTooLong } from './history-too-long.ts';

/** Between a refused token and the next one. */
const TOKEN_BACK_OFF: BackOff = { baseMs: 200, capMs: 10_000 };

/** How the calls that may be repeated are made: until they succeed. */
export function repeatableCalls({ createDeadlineMs }: Pick<OrderSettings, 'createDeadlineMs'>) {
  return {
    startToCloseTimeout: createDeadlineMs + 5_000,
    retry: { initialInterval: '1s', maximumInterval: '10s' },
  } as const;
}

export type TicketSystemSteps = ReturnType<typeof createTicketSystemSteps>;

/** The calls of the ticket system as steps of a workflow: each with its activity, its time-outs and a token that is valid. */
export function createTicketSystemSteps(orderId: string, settings: OrderSettings) {
  const repeatable = proxyActivities<TicketActivities>(repeatableCalls(settings));
  const { maximumAttempts, scheduleToStartMs, startToCloseMs } = createLimits(
    settings.createDeadlineMs,
    settings.clockSkewMs,
  );
  const once = proxyActivities<TicketActivities>({
    scheduleToStartTimeout: scheduleToStartMs,
    startToCloseTimeout: startToCloseMs,
    retry: { maximumAttempts },
  });
  let token: Token | undefined;

  const validToken = async (untilMs: number): Promise<string> => {
    if (token === undefined || token.expiresAtMs <= untilMs) {
      token = await repeatable.getToken.executeWithOptions({ summary: 'token of the ticket system' }, []);
    }
    return token.token;
  };

  const withToken = async <Result>(call: (token: string) => Promise<Result>): Promise<Result> => {
    for (let round = 0; ; round += 1) {
      if (workflowInfo().continueAsNewSuggested) throw new HistoryTooLong();
      const current = await validToken(Date.now());
      try {
        return await call(current);
      } catch (error) {
        if (!isTokenExpired(error)) throw error;
        token = undefined;
        await sleep(fullJitterMs(TOKEN_BACK_OFF, round, Math.random()), { summary: 'before a new token' });
      }
    }
  };

  return {
    async getReservation(expected?: string) {
      return withToken((token) =>
        repeatable.getReservation({ orderId, token, ...(expected === undefined ? {} : { expected }) }),
      );
    },

    async validate(reservationId: string, seen: SeenItems): Promise<ItemList> {
      return withToken((token) => repeatable.validateTicket({ orderId, reservationId, token, seen }));
    },

    async voidTicket(reservationId: string, ticketId: string, keep: string | null): Promise<VoidResult> {
      const { createDeadlineMs } = settings;
      const summary = keep === null ? `void ${ticketId}` : `void ${ticketId}, keep ${keep}`;
      return withToken((token) =>
        repeatable.voidTicket.executeWithOptions({ summary }, [
          { orderId, reservationId, token, ticketId, keep, createDeadlineMs },
        ]),
      );
    },

    /** One create. Its deadline was fixed by the workflow before the token was looked at, so renewing it costs time, not safety. */
    async create(create: {
      readonly reservationId: string;
      readonly deadlineMs: number;
      readonly key: string;
      readonly guarantee: Guarantee;
      readonly attempt: number;
    }): Promise<CreateOutcome> {
      const { reservationId, deadlineMs, key, guarantee, attempt } = create;
      const request = {
        orderId,
        reservationId,
        token: await validToken(deadlineMs),
        deadlineMs,
        createDeadlineMs: settings.createDeadlineMs,
        ...(guarantee === 'idempotency-key' ? { idempotencyKey: key } : {}),
      };
      const outcome = await once.createTicket
        .executeWithOptions({ summary: `create, attempt ${attempt}` }, [request])
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
