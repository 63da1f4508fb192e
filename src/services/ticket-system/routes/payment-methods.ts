import { PaymentMethodResponse } from '../../../contracts/ticket-system.ts';
import type { Server } from '../../http/create-server.ts';
import { withErrors } from '../../http/route-schemas.ts';
import { ReservationParams, VaultQuery, withToken } from '../route-schemas.ts';
import type { TicketService } from '../ticket-service.ts';

/** `GET /payment-methods/:reservationId`: the vault. Both of its sources have the same content. */
export function addPaymentMethodRoute(app: Server, service: TicketService): void {
  app.get(
    '/payment-methods/:reservationId',
    {
      schema: {
        tags: ['vault'],
        summary: 'The card of a reservation, from the primary source or the backup',
        security: withToken,
        params: ReservationParams,
        querystring: VaultQuery,
        response: withErrors({ 200: PaymentMethodResponse }, [400, 401, 422, 429, 500, 503]),
      },
    },
    async ({ params: { reservationId } }, reply) => {
      return reply.code(200).send(await service.readPaymentMethod(reservationId));
    },
  );
}
