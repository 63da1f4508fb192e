import { expect } from '@jest/globals';
import type { OrderProgress } from '../../src/contracts/order.ts';
import { deadlineOf } from './in-memory-ticket-system.ts';
import { TIMINGS } from './order-environment.ts';
import type { ScriptedTicketSystem } from './scripted-ticket-system.ts';
import type { OrderEnding } from './workflow-endings.ts';

/** The outcomes of the create requests that left the worker. A busy worker may miss its deadline for sending one. */
export function outcomesOfRequests({ outcomes }: OrderProgress): readonly string[] {
  return outcomes.filter((outcome) => !outcome.startsWith('not sent: '));
}

/**
 * Asserts what must hold for every order at quiescence, whatever happened to it: a completed order has exactly one live
 * ticket, the one it returned, and any other order has none; every create had its own `Request-Id`; none was sent while
 * a ticket was known to be live.
 */
export function expectExactlyOne(tickets: ScriptedTicketSystem, orderId: string, ending: OrderEnding): void {
  const promised = ending.kind === 'completed' ? [ending.result.ticketId] : [];
  expect({ orderId, ending: ending.kind, live: tickets.liveTickets(orderId) }).toEqual({
    orderId,
    ending: ending.kind,
    live: promised,
  });
  const creates = tickets.calls('create', orderId);
  const requestIds = creates.map(({ headers }) => headers['request-id']);
  expect(new Set(requestIds).size).toBe(creates.length);
  for (const requestId of requestIds) expect(requestId).toMatch(/^[0-9a-f-]{36}\/[^/]+\/1$/);
  for (const { atMs } of creates) {
    const known = tickets
      .listed(orderId)
      .filter((shown) => shown.atMs < atMs)
      .at(-1);
    expect({ orderId, knownBeforeCreate: known?.live ?? [] }).toEqual({ orderId, knownBeforeCreate: [] });
  }
}

/**
 * Asserts that the order waited for the fence: each further create came only after a list whose `asOf` lies past the
 * fence of all earlier creates by more than the clock skew.
 */
export function expectFenceKept(tickets: ScriptedTicketSystem, orderId: string, settleMs: number): void {
  const creates = tickets.calls('create', orderId);
  expect(creates.length).toBeGreaterThan(1);
  creates.slice(1).forEach((create, index) => {
    const fenceMs = Math.max(...creates.slice(0, index + 1).map((each) => deadlineOf(each))) + settleMs;
    const proofs = tickets
      .listed(orderId)
      .filter(({ atMs, asOfMs }) => atMs <= create.atMs && asOfMs > fenceMs + TIMINGS.clockSkewMs);
    expect({ orderId, create: index + 2, proofsOfAbsence: proofs.length > 0 }).toEqual({
      orderId,
      create: index + 2,
      proofsOfAbsence: true,
    });
  });
}
