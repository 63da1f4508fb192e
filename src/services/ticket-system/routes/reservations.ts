import { ReservationResponse } from '../../../contracts/ticket-system.ts';
import { failpoint } from '../../../platform/failpoints/failpoint.ts';
import type { Server } from '../../http/create-server.ts';
import { withErrors } from '../../http/error-responses.ts';
import { NoQuery } from '../../http/no-query.ts';
import type { RouteContext } from '../route-context.ts';
import { OrderParams, withToken } from '../route-schemas.ts';

/** `GET /orders/:orderId/reservation` */
export function addReservationRoute(app: Server, { office, faults }: RouteContext): void {
  app.get(
    '/orders/:orderId/reservation',
    {
      schema: {
        tags: ['orders'],
        summary: 'The reservation of an order: made at the first call, the same one ever after',
        security: withToken,
        params: OrderParams,
        querystring: NoQuery,
        response: withErrors({ 200: ReservationResponse }, [400, 401, 422, 429, 500, 503, 507]),
      },
    },
    async ({ params: { orderId } }, reply) => {
      const answer = await faults.around('reservation', orderId, 200, (inject) =>
        office.reserve(orderId, inject.onDisk),
      );
      await failpoint('reservation.before-answer', orderId);
      return reply.code(200).send(answer);
    },
  );
}
