import { TicketListResponse } from '../../../contracts/ticket-system.ts';
import type { Server } from '../../http/create-server.ts';
import { withErrors } from '../../http/error-responses.ts';
import { NoQuery } from '../../http/no-query.ts';
import type { RouteContext } from '../route-context.ts';
import { OrderParams, withToken } from '../route-schemas.ts';

/** `GET /orders/:orderId/tickets` */
export function addTicketsRoute(app: Server, { office, faults }: RouteContext): void {
  app.get(
    '/orders/:orderId/tickets',
    {
      schema: {
        tags: ['orders'],
        summary: 'All tickets of an order, voided ones too, as of a moment of the service’s clock',
        security: withToken,
        params: OrderParams,
        querystring: NoQuery,
        response: withErrors({ 200: TicketListResponse }, [400, 401, 422, 429, 500, 503]),
      },
    },
    async ({ params: { orderId } }, reply) => {
      const answer = await faults.around('validate', orderId, 200, async ({ fault, onDisk }) => {
        onDisk();
        return fault?.kind === 'stale-read' ? office.listAsItWas(orderId, fault.delayMs) : office.list(orderId);
      });
      return reply.code(200).send(answer);
    },
  );
}
