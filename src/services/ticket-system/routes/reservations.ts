import { ReservationResponse } from '../../../contracts/ticket-system.ts';
import type { Server } from '../../http/create-server.ts';
import { NoQuery, withErrors } from '../../http/route-schemas.ts';
import { OrderParams, withToken } from '../route-schemas.ts';
import type { TicketService } from '../ticket-service.ts';

/** `GET /orders/:orderId/reservation` */
export function addReservationRoute(app: Server, service: TicketService): void {
  app.get(
    '/orders/:orderId/reservation',
    {
      schema: {
        tags: ['orders'],
        summary: 'The reservation of an order: created by the first call, and never changed',
        security: withToken,
        params: OrderParams,
        querystring: NoQuery,
        response: withErrors({ 200: ReservationResponse }, [400, 401, 409, 422, 429, 500, 503, 507]),
      },
    },
    async ({ params: { orderId } }, reply) => {
      return reply.code(200).send(await service.reserve(orderId));
    },
  );
}
