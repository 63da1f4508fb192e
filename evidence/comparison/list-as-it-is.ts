import { createCredentials } from 'exactly-one/activities';
import { createWithToken } from '../../src/activities/with-token.ts';
import { createTicketSystemClient } from '../../src/clients/ticket-system.ts';
import type { Settings } from '../../src/platform/config/settings.ts';
import type { CommonActivityOptions } from './common-activities.ts';

/**
 * Lists the tickets of an order and believes the response, whereas the product's `validateTicket` asks how old it is.
 * Runs in an activity.
 */
export function listAsItIs(
  settings: Pick<Settings, 'ticketSystemUrl' | 'createDeadlineMs'>,
): CommonActivityOptions['listTickets'] {
  const { ticketSystemUrl: baseUrl, createDeadlineMs: timeoutMs } = settings;
  const ticketSystem = createTicketSystemClient({ baseUrl });
  const tokens = createCredentials(() => ticketSystem.createToken({ timeoutMs }), Date.now);
  const withToken = createWithToken(tokens, timeoutMs);
  return async ({ orderId, credentials }) => {
    const { items } = await withToken(credentials, (call) => ticketSystem.listTickets(orderId, call));
    return items;
  };
}
