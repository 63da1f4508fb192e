import { setTimeout as pause } from 'node:timers/promises';
import type { Guarantee } from 'exactly-one';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createLogger } from '../../../src/platform/logging/logger.ts';
import type { Fault, FaultPlan } from '../../../src/services/faults/fault-plan.ts';
import { createServer } from '../../../src/services/http/create-server.ts';
import { decideCommit } from '../../../src/services/ticket-system/commit-decision.ts';
import { createLabelStore } from './label-store.ts';

/** Where the carrier fails. */
export type CarrierPoint = 'create.before-commit' | 'create.late-commit' | 'create.after-commit' | 'list' | 'void';

export interface CarrierFaults extends Pick<FaultPlan<CarrierPoint>, 'decide'> {
  /** Waits; default for `ms` milliseconds. */
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
 * A carrier that is not idempotent and fails before and after it prints a label.
 * @param guarantee with `none` it ignores deadlines and keys
 * @param checksDeadline `on arrival` is wrong in a way that is hard to notice: the commit may come later
 */
export function createCarrierService(
  guarantee: Guarantee,
  faults: CarrierFaults,
  checksDeadline: 'at the commit' | 'on arrival' = 'at the commit',
) {
  const app = createServer({ logger: createLogger('carrier', 'silent') });
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
      // Until the response nothing here awaits, so no other request can interfere: that is its lock.
      const known = key === undefined ? undefined : store.printedWith(parcelId, key);
      const decision = decideCommit({
        guarantee,
        nowMs: checksDeadline === 'on arrival' ? arrivedAtMs : Date.now(),
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
    const deadline = request.headers['request-deadline'];
    // Only a void that leaves no label has a deadline.
    if (guarantee !== 'none' && deadline !== undefined && !(Date.now() <= Number(deadline))) {
      return refuse(reply, 408, 'DEADLINE_PASSED');
    }
    return store.void(parcelId, trackingNumber) ?? refuse(reply, 404, 'LABEL_UNKNOWN');
  });

  return {
    store,
    inFlight: () => inFlight,
    /** @returns its URL */
    listen: () => app.listen({ host: '127.0.0.1', port: 0 }),
    close() {
      app.server.closeAllConnections();
      return app.close();
    },
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
