import { TicketListResponse } from '../../../contracts/ticket-system.ts';
import type { Server } from '../../http/create-server.ts';
import { NoQuery, withErrors } from '../../http/route-schemas.ts';
import { OrderParams, withToken } from '../route-schemas.ts';
import type { TicketService } from '../ticket-service.ts';

/** `GET /orders/:orderId/tickets` */
export function addTicketsRoute(app: Server, service: TicketService): void {
  app.get(
    '/orders/:orderId/tickets',
    {
      schema: {
        tags: ['orders'],
        summary: 'All tickets of an order, voided ones too, as of a time of the service’s clock',
        security: withToken,
        params: OrderParams,
        querystring: NoQuery,
        response: withErrors({ 200: TicketListResponse }, [400, 401, 409, 422, 429, 500, 503]),
      },
    },
    async ({ params: { orderId } }, reply) => {
      return reply.code(200).send(await service.list(orderId));
    },
  );
}
