import { AuditResponse, OrderAuditResponse } from '../../../contracts/ticket-system.ts';
import type { Server } from '../../http/create-server.ts';
import type { RequestsInFlight } from '../../http/requests-in-flight.ts';
import { NoQuery, withErrors } from '../../http/route-schemas.ts';
import { shareRuns } from '../../storage/shared-runs.ts';
import type { Audit } from '../audit.ts';
import type { TicketsAudit } from '../audit-tickets.ts';
import { OrderParams } from '../route-schemas.ts';

/** `GET /audit`, one at a time: it reads every file. */
export function addAuditRoute(
  app: Server,
  audit: (signal: AbortSignal) => Promise<Audit>,
  inFlight: RequestsInFlight,
): void {
  const joinAudit = shareRuns(audit);
  app.get(
    '/audit',
    {
      schema: {
        tags: ['operator'],
        summary: 'Count tickets and creates of all orders, from the files and the ledger alone',
        querystring: NoQuery,
        response: withErrors({ 200: AuditResponse }, [400, 500, 503]),
      },
    },
    async (_request, reply) => {
      const client = new AbortController();
      reply.raw.once('close', () => client.abort());
      try {
        const { counts } = await joinAudit(client.signal);
        return reply.code(200).send({ ...counts, inFlight: inFlight.count() });
      } catch (error) {
        if (!client.signal.aborted) throw error;
        return reply.hijack();
      }
    },
  );
}

/** `GET /audit/orders/:orderId`: no fault touches it, unlike the list of an order's tickets. */
export function addOrderAuditRoute(app: Server, audit: (orderId: string) => Promise<TicketsAudit>): void {
  app.get(
    '/audit/orders/:orderId',
    {
      schema: {
        tags: ['operator'],
        summary: 'The tickets of one order, from its files alone',
        params: OrderParams,
        querystring: NoQuery,
        response: withErrors({ 200: OrderAuditResponse }, [400, 500, 503]),
      },
    },
    async ({ params: { orderId } }, reply) => {
      const { tickets, problems } = await audit(orderId);
      const idsOf = (voided: boolean) =>
        tickets.filter((ticket) => ticket.voided === voided).map(({ ticketId }) => ticketId);
      return reply.code(200).send({ orderId, live: idsOf(false), voided: idsOf(true), problems: [...problems] });
    },
  );
}
