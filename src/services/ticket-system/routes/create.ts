import { requestHeaders } from '../../../contracts/http.ts';
import { AcceptedResponse, CreateTicketBody, TicketResponse } from '../../../contracts/ticket-system.ts';
import type { Server } from '../../http/create-server.ts';
import { NoQuery, withErrors } from '../../http/route-schemas.ts';
import { CreateHeaders, deadlineOf, OrderParams, withToken } from '../route-schemas.ts';
import type { TicketService } from '../ticket-service.ts';

/** `POST /orders/:orderId/tickets` */
export function addCreateRoute(app: Server, service: TicketService): void {
  app.post(
    '/orders/:orderId/tickets',
    {
      schema: {
        tags: ['orders'],
        summary: 'Create a ticket. The guarantee of the reservation decides which headers are required and obeyed',
        security: withToken,
        params: OrderParams,
        querystring: NoQuery,
        headers: CreateHeaders,
        body: CreateTicketBody,
        response: withErrors(
          { 201: TicketResponse, 202: AcceptedResponse },
          [400, 401, 404, 408, 409, 413, 415, 422, 429, 500, 503, 507],
        ),
      },
    },
    async (request, reply) => {
      const response = await service.create({
        ...request.params,
        ...request.body,
        requestId: request.id,
        deadlineMs: deadlineOf(request.headers),
        idempotencyKey: request.headers[requestHeaders.idempotencyKey],
      });
      return 'operationId' in response ? reply.code(202).send(response) : reply.code(201).send(response);
    },
  );
}
