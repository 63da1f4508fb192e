import { PaymentMethodResponse } from '../../../contracts/ticket-system.ts';
import type { Server } from '../../http/create-server.ts';
import { withErrors } from '../../http/error-responses.ts';
import type { RouteContext } from '../route-context.ts';
import { ReservationParams, VaultQuery, withToken } from '../route-schemas.ts';
import { paymentInfoOf } from '../vault.ts';

/** `GET /payment-methods/:reservationId`: the vault. Both of its sources hold the same. */
export function addPaymentMethodRoute(app: Server, { faults }: RouteContext): void {
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
      const answer = await faults.around('vault', reservationId, 200, async () => {
        return { paymentInfo: paymentInfoOf(reservationId) };
      });
      return reply.code(200).send(answer);
    },
  );
}
