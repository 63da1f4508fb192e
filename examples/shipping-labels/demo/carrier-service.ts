import { setTimeout as pause } from 'node:timers/promises';
import type { Guarantee } from 'exactly-one';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Fault, FaultPlan } from '../../../src/services/faults/fault-plan.ts';
import { decideCommit } from '../../../src/services/ticket-system/commit-decision.ts';
import { createLabelStore } from './label-store.ts';

/** Where the carrier fails. */
export type CarrierPoint = 'create.before-commit' | 'create.late-commit' | 'create.after-commit' | 'list' | 'void';

export interface CarrierFaults extends Pick<FaultPlan<CarrierPoint>, 'decide'> {
  /** How a delay passes; default by the clock. */
  delay?(parcelId: string, ms: number): Promise<void>;
}

interface ToParcel {
  Params: { parcelId: string };
  Headers: { 'request-deadline'?: string; 'idempotency-key'?: string };
}
interface ToLabel extends ToParcel {
  Params: { parcelId: string; trackingNumber: string };
}

/**
 * A carrier that is not idempotent and fails before and after it acts.
 * @param promises what it keeps of deadlines and keys; with `none` it ignores both
 * @param looksAtDeadline `on arrival` is a promise that checks kept and is not: the commit may come later
 */
export function createCarrierService(
  promises: Guarantee,
  faults: CarrierFaults,
  looksAtDeadline: 'at the commit' | 'on arrival' = 'at the commit',
) {
  const app = fastify({ forceCloseConnections: true });
  const store = createLabelStore();
  let inFlight = 0;

  app.post<ToParcel>('/parcels/:parcelId/labels', async (request, reply) => {
    const { parcelId } = request.params;
    const key = request.headers['idempotency-key'];
    const arrivedAtMs = Date.now();
    store.received(parcelId);
    inFlight += 1;
    try {
      const before = faults.decide('create.before-commit', parcelId);
      if (before !== undefined) return fail(before, request, reply);
      const late = faults.decide('create.late-commit', parcelId);
      if (late !== undefined) await (faults.delay?.(parcelId, late.delayMs) ?? pause(late.delayMs));
      // From here to the answer nothing else of this process runs: that is its lock.
      const known = key === undefined ? undefined : store.printedWith(parcelId, key);
      const decision = decideCommit({
        guarantee: promises,
        nowMs: looksAtDeadline === 'on arrival' ? arrivedAtMs : Date.now(),
        deadlineMs: Number(request.headers['request-deadline'] ?? Number.NaN),
        fingerprint: parcelId,
        ...(key === undefined ? {} : { idempotencyKey: key }),
        committed:
          key === undefined || known === undefined
            ? []
            : [{ idempotencyKey: key, fingerprint: parcelId, ticketId: known.trackingNumber }],
      });
      if (decision.kind === 'refuse') return refuse(reply, 408, decision.code);
      const label = decision.kind === 'replay' && known !== undefined ? known : store.print(parcelId, key);
      const after = faults.decide('create.after-commit', parcelId);
      return after === undefined ? reply.code(201).send({ ...label, voided: false }) : fail(after, request, reply);
    } finally {
      inFlight -= 1;
    }
  });

  app.get<ToParcel>('/parcels/:parcelId/labels', async (request, reply) => {
    const { parcelId } = request.params;
    const fault = faults.decide('list', parcelId);
    if (fault?.kind === 'stale-read') return store.listBefore(parcelId);
    return fault === undefined ? store.list(parcelId) : fail(fault, request, reply);
  });

  app.post<ToLabel>('/parcels/:parcelId/labels/:trackingNumber/void', async (request, reply) => {
    const { parcelId, trackingNumber } = request.params;
    const fault = faults.decide('void', parcelId);
    if (fault !== undefined) return fail(fault, request, reply);
    if (promises !== 'none' && !(Date.now() <= Number(request.headers['request-deadline']))) {
      return refuse(reply, 408, 'DEADLINE_PASSED');
    }
    return store.void(parcelId, trackingNumber) ?? refuse(reply, 404, 'LABEL_UNKNOWN');
  });

  return {
    store,
    inFlight: () => inFlight,
    /** @returns its address */
    listen: () => app.listen({ host: '127.0.0.1', port: 0 }),
    close: () => app.close(),
  };
}

function fail({ kind }: Fault, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (kind === 'error-4xx') return refuse(reply, 422, 'ADDRESS_UNKNOWN');
  if (kind !== 'connection-reset') return refuse(reply, 500, 'INTERNAL_ERROR');
  request.raw.socket.destroy();
  return reply.hijack();
}

function refuse(reply: FastifyReply, status: number, code: string): FastifyReply {
  return reply.code(status).send({ error: `refused: ${code}`, code });
}
