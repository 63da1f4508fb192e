import type { HttpExchange } from 'exactly-one/http';
import {
  arrivalTimesMs,
  type CreateResponse,
  type FabricatedResponse,
  type ReportedTicket,
} from '../scenario/planned-requests.ts';
import { coveredMs } from '../scenario/scenario.ts';
import type { CreateAttempt } from './create-activity.ts';
import { type CreateRequest, ORDER, SAME_PAYMENT } from './ticket-system.ts';
import type { World } from './world.ts';

const CONNECTION_RESET = { connected: true, errorCodes: ['ECONNRESET'] } as const;
const NO_RESPONSE: HttpExchange = { kind: 'no response', ...CONNECTION_RESET };

/**
 * Sends the one request of an attempt.
 * @returns what the worker receives within `timeoutMs`; undefined when it crashes
 */
export function sendCreate(world: World, attempt: CreateAttempt, timeoutMs: number): Promise<HttpExchange | undefined> {
  const { clock, events } = world;
  const { respondsAfterMs } = attempt.plan;
  const planned = plannedResponse(attempt);
  const sentAtMs = clock.now();
  return new Promise((resolve) => {
    clock.at(sentAtMs + timeoutMs, () => resolve(NO_RESPONSE));
    deliver(world, attempt, (response) => {
      if (planned.kind === 'actual') clock.at(clock.now() + respondsAfterMs, () => resolve(response));
    });
    events.emit('create sent');
    switch (planned.kind) {
      case 'actual':
        return;
      case 'worker crash':
        return resolve(undefined);
      case 'network error': {
        const { connected, errorCodes } = planned;
        return clock.at(sentAtMs + respondsAfterMs, () => resolve({ kind: 'no response', connected, errorCodes }));
      }
      case 'fabricated':
        return clock.at(sentAtMs + respondsAfterMs, () => resolve(fabricate(world, planned)));
    }
  });
}

function plannedResponse({ plan: { response }, withheld }: CreateAttempt): CreateResponse {
  const isCommit = response.kind === 'actual' || (response.kind === 'fabricated' && response.status === 201);
  const isWithheld = withheld === 'all' || (withheld === 'commits' && isCommit);
  return isWithheld ? { kind: 'network error', ...CONNECTION_RESET } : response;
}

/** Delivers the request to the ticket system: never, once or twice. */
function deliver(world: World, attempt: CreateAttempt, onResponse: (response: HttpExchange) => void): void {
  const { scenario, clock, ticketSystem, events, plans, trace } = world;
  const { plan, create, runId, requestId } = attempt;
  const request: CreateRequest = {
    runId,
    fingerprint: plan.differentPayment === true ? 'different payment' : SAME_PAYMENT,
    ...(plan.dropsDeadline ? {} : { deadlineMs: create.deadlineMs }),
    ...(create.guarantee === 'idempotency-key' ? { idempotencyKey: create.idempotencyKey } : {}),
  };
  const watchCommits = (act: () => void) => {
    const before = ticketSystem.tickets().length;
    act();
    if (ticketSystem.tickets().length === before) return;
    if (plan.voidedAtOnce === true) voidNewestTicket(world);
    events.emit('committed');
  };
  const arrive = () =>
    watchCommits(() => {
      const { response, toFinish } = ticketSystem.create(request, plan.accepted);
      trace('ticket system', () => `receives create ${requestId}, responds ${describe(response)}`);
      onResponse(response);
      if (toFinish === undefined) return;
      const finishesAtMs = Math.min(
        clock.now() + (plan.accepted?.finishesAfterMs ?? 0),
        latestArrivalMs(world, attempt) + (scenario.timings.acceptWithinMs ?? 0),
      );
      plans.faultAt(finishesAtMs);
      clock.at(finishesAtMs, () => {
        trace('ticket system', () => `finishes ${toFinish.reference}`);
        watchCommits(() => ticketSystem.finish(toFinish));
      });
    });
  for (const plannedMs of arrivalTimesMs(plan, clock.now())) {
    const arrivesAtMs = Math.min(plannedMs, latestArrivalMs(world, attempt));
    plans.faultAt(arrivesAtMs);
    clock.at(arrivesAtMs, arrive);
  }
}

function voidNewestTicket({ ticketSystem, clocks, trace }: World): void {
  const itemId = ticketSystem.tickets().at(-1)?.itemId ?? 'none';
  const result = ticketSystem.voidItem({ itemId, keep: null, deadlineMs: clocks.read('service') + 1_000_000 });
  trace('somebody else', () => `voids ${itemId}, keeping none: ${result}`);
}

/**
 * With guarantee `none` only commits up to a certain time are covered. After a rejection the order checks until the
 * fence and has no late watch, so the limit is nearer.
 */
function latestArrivalMs({ scenario }: World, { plan: { response }, decidedAtMs }: CreateAttempt): number {
  if (scenario.guarantee !== 'none' || scenario.violates !== undefined) return Number.POSITIVE_INFINITY;
  const { createDeadlineMs, settleMs, clockSkewMs } = scenario.timings;
  const mayReject = response.kind === 'fabricated' && [400, 403, 404, 422].includes(response.status);
  return decidedAtMs + (mayReject ? createDeadlineMs + settleMs - 2 * clockSkewMs : coveredMs(scenario.timings));
}

function fabricate(world: World, { status, errorCode, ticket, isOperation }: FabricatedResponse): HttpExchange {
  return {
    kind: 'response',
    status,
    ...(ticket === undefined ? {} : { item: reportedTicket(world, ticket) }),
    ...(isOperation === true ? { operation: { reference: 'operation-0' } } : {}),
    ...(errorCode === undefined ? {} : { errorCode }),
  };
}

function reportedTicket({ ticketSystem }: World, ticket: ReportedTicket) {
  const report = (found?: { readonly itemId: string }) => ({ ...ORDER, itemId: found?.itemId ?? 'never-created' });
  switch (ticket) {
    case 'newest live':
      return report(ticketSystem.liveTickets().at(-1));
    case 'of another order':
      return { ...ORDER, orderId: 'order-2', itemId: 'X' };
    case 'of another reservation':
      return { ...report(ticketSystem.liveTickets().at(-1)), reservationId: 'R-2' };
    case 'voided':
      return report(ticketSystem.tickets().find(({ voided }) => voided));
    case 'first of the order':
      return report(ticketSystem.tickets()[0]);
    case 'never created':
      return report();
  }
}

function describe(exchange: HttpExchange): string {
  if (exchange.kind !== 'response') return 'nothing';
  const { status, item, operation, errorCode } = exchange;
  return `${status} ${item?.itemId ?? operation?.reference ?? errorCode ?? ''}`.trimEnd();
}
