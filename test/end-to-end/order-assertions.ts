import { expect } from '@jest/globals';
import type { OrderProgress } from '../../src/contracts/order.ts';
import { deadlineOf } from './in-memory-ticket-system.ts';
import { TIMINGS } from './order-environment.ts';
import type { ScriptedTicketSystem } from './scripted-ticket-system.ts';
import type { OrderEnding } from './workflow-endings.ts';

/** What came of the creates that left the worker; on a busy machine one may fail to be sent in time before. */
export function outcomesOfRequests({ outcomes }: OrderProgress): readonly string[] {
  return outcomes.filter((outcome) => !outcome.startsWith('not sent: '));
}

/**
 * What has to hold of every order at quiescence, whatever happened to it: exactly one live ticket, the one that was
 * returned, or none; every create with a `Request-Id` of its own; none sent while a ticket was known to be live.
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
 * A create after another one of unknown outcome is received only after a list whose `asOf` lies beyond the fence of the
 * earlier one by more than the skew.
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
