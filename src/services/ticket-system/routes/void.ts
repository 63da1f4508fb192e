import { TicketResponse, VoidTicketBody } from '../../../contracts/ticket-system.ts';
import type { Server } from '../../http/create-server.ts';
import { NoQuery, withErrors } from '../../http/route-schemas.ts';
import { deadlineOf, TicketParams, VoidHeaders, withToken } from '../route-schemas.ts';
import type { TicketService } from '../ticket-service.ts';

/** `POST /orders/:orderId/tickets/:ticketId/void` */
export function addVoidRoute(app: Server, service: TicketService): void {
  app.post(
    '/orders/:orderId/tickets/:ticketId/void',
    {
      schema: {
        tags: ['orders'],
        summary: 'Void a ticket: while another ticket stays, or, to cancel the order, before a deadline',
        security: withToken,
        params: TicketParams,
        querystring: NoQuery,
        headers: VoidHeaders,
        body: VoidTicketBody,
        response: withErrors({ 200: TicketResponse }, [400, 401, 404, 408, 409, 413, 415, 422, 429, 500, 503, 507]),
      },
    },
    async (request, reply) => {
      const ticket = await service.voidTicket({
        ...request.params,
        ...request.body,
        requestId: request.id,
        deadlineMs: deadlineOf(request.headers),
      });
      return reply.code(200).send(ticket);
    },
  );
}
