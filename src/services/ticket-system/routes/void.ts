import { headers } from '../../../contracts/http.ts';
import { TicketResponse, VoidTicketBody } from '../../../contracts/ticket-system.ts';
import { failpoint } from '../../../platform/failpoints/failpoint.ts';
import type { Server } from '../../http/create-server.ts';
import { withErrors } from '../../http/error-responses.ts';
import { NoQuery } from '../../http/no-query.ts';
import { deadlineOf, refuseCardNumbers, required, VoidHeaders } from '../request-headers.ts';
import type { RouteContext } from '../route-context.ts';
import { TicketParams, withToken } from '../route-schemas.ts';

/** `POST /orders/:orderId/tickets/:ticketId/void` */
export function addVoidRoute(app: Server, { office, clock, faults }: RouteContext): void {
  app.post(
    '/orders/:orderId/tickets/:ticketId/void',
    {
      schema: {
        tags: ['orders'],
        summary: 'Take a ticket out of circulation: while another one stays, or, for a cancellation, before a deadline',
        security: withToken,
        params: TicketParams,
        querystring: NoQuery,
        headers: VoidHeaders,
        body: VoidTicketBody,
        response: withErrors({ 200: TicketResponse }, [400, 401, 404, 408, 409, 413, 415, 422, 429, 500, 503, 507]),
      },
    },
    async (request, reply) => {
      const { orderId, ticketId } = request.params;
      const { keep } = request.body;
      refuseCardNumbers([request.id, keep ?? undefined]);
      const deadlineMs = deadlineOf(request.headers[headers.requestDeadline], clock.nowMs());
      if (keep === null) required(deadlineMs, 'Request-Deadline', 'a void that keeps no ticket has to end by it');
      await failpoint('void.before-lock', orderId);
      const answer = await faults.around('void', orderId, 200, ({ onDisk }) => {
        const toVoid = { orderId, ticketId, keep, requestId: request.id };
        return office.voidTicket(deadlineMs === undefined ? toVoid : { ...toVoid, deadlineMs }, onDisk);
      });
      await failpoint('void.before-answer', orderId);
      return reply.code(200).send(answer);
    },
  );
}
