import { headers } from '../../../contracts/http.ts';
import { CreateTicketBody, TicketResponse } from '../../../contracts/ticket-system.ts';
import { failpoint } from '../../../platform/failpoints/failpoint.ts';
import type { Server } from '../../http/create-server.ts';
import { withErrors } from '../../http/error-responses.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { NoQuery } from '../../http/no-query.ts';
import { timeOf } from '../records.ts';
import { CreateHeaders, deadlineOf, refuseCardNumbers, required } from '../request-headers.ts';
import type { RouteContext } from '../route-context.ts';
import { OrderParams, withToken } from '../route-schemas.ts';
import type { CreateRequest } from '../ticket-service.ts';

interface ReceivedCreate {
  readonly orderId: string;
  readonly reservationId: string;
  readonly paymentInfo: string;
  readonly requestId: string;
  readonly deadlineHeader: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** `POST /orders/:orderId/tickets` */
export function addCreateRoute(app: Server, context: RouteContext): void {
  app.post(
    '/orders/:orderId/tickets',
    {
      schema: {
        tags: ['orders'],
        summary: 'Make a ticket. The headers are obeyed as far as the guarantee of the reservation goes',
        security: withToken,
        params: OrderParams,
        querystring: NoQuery,
        headers: CreateHeaders,
        body: CreateTicketBody,
        response: withErrors({ 201: TicketResponse }, [400, 401, 404, 408, 409, 413, 415, 422, 429, 500, 503, 507]),
      },
    },
    async (request, reply) => {
      const answer = await create(context, {
        ...request.params,
        ...request.body,
        requestId: request.id,
        deadlineHeader: request.headers[headers.requestDeadline],
        idempotencyKey: request.headers[headers.idempotencyKey],
      });
      return reply.code(201).send(answer);
    },
  );
}

async function create(context: RouteContext, received: ReceivedCreate): Promise<TicketResponse> {
  const { database, clock, faults, keysInFlight } = context;
  const { orderId, requestId, idempotencyKey } = received;
  refuseCardNumbers([requestId, idempotencyKey]);
  await database.ledger.append({ kind: 'received', at: timeOf(clock.nowMs()), orderID: orderId, requestID: requestId });
  const strikes = {
    before: faults.inject('create.before-commit', orderId),
    late: faults.inject('create.late-commit', orderId),
    after: faults.inject('create.after-commit', orderId),
  };
  const accepted = await accept(context, received);
  const work = async () => {
    await strikes.before.now();
    await strikes.late.now();
    await failpoint('create.before-lock', orderId);
    return context.office.create(accepted, strikes.before.onDisk, strikes.after.onDisk);
  };
  const obeysKey = accepted.reservation.guarantee === 'idempotency-key';
  const ticket = await (obeysKey ? keysInFlight.during(`${orderId} ${accepted.idempotencyKey}`, work) : work());
  await strikes.after.now({ status: 201, body: ticket });
  await failpoint('create.before-answer', orderId);
  return ticket;
}

/** Checks a create against the stored reservation, whose guarantee says which headers it needs. */
async function accept({ database, clock }: RouteContext, received: ReceivedCreate): Promise<CreateRequest> {
  const { orderId, reservationId, paymentInfo, requestId, idempotencyKey } = received;
  const deadlineMs = deadlineOf(received.deadlineHeader, clock.nowMs());
  const reservation = await database.reservations.find(orderId);
  if (reservation === undefined || reservation.reservationID !== reservationId) {
    throw new HttpProblem(404, 'RESERVATION_UNKNOWN', 'this reservation is not the one of this order');
  }
  const request = { reservation, paymentInfo, requestId };
  const reason = `the guarantee of this order is ${reservation.guarantee}`;
  if (reservation.guarantee === 'none') return { ...request, ...(deadlineMs === undefined ? {} : { deadlineMs }) };
  const withDeadline = { ...request, deadlineMs: required(deadlineMs, 'Request-Deadline', reason) };
  if (reservation.guarantee === 'deadline') return withDeadline;
  return { ...withDeadline, idempotencyKey: required(idempotencyKey, 'Idempotency-Key', reason) };
}
