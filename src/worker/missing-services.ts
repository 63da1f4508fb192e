import type { Settings } from '../platform/config/settings.ts';
import type { Logger } from '../platform/logging/logger.ts';
import { isUrlRefused } from '../platform/processes/is-refused.ts';

type ServiceUrls = Pick<Settings, 'ticketSystemUrl' | 'accountApiUrl'>;

const SERVICES = [
  {
    url: ({ ticketSystemUrl }: ServiceUrls) => ticketSystemUrl,
    name: 'ticket system',
    waiting: 'orders wait',
    remedy: 'npm run ticket-system starts it, TICKET_SYSTEM_URL names another one',
  },
  {
    url: ({ accountApiUrl }: ServiceUrls) => accountApiUrl,
    name: 'account API',
    waiting: 'transfers wait',
    remedy: 'npm run account-api starts it, ACCOUNT_API_URL names another one',
  },
] as const;

/** Logs at the start of a worker which of the services that it calls is not there yet. Nothing fails because of that. */
export async function reportMissingServices(urls: ServiceUrls, logger: Logger): Promise<void> {
  await Promise.all(
    SERVICES.map(async ({ url, name, waiting, remedy }) => {
      const address = url(urls);
      if (await isUrlRefused(address))
        logger.warn(`no ${name} listens at ${address}: ${waiting} until it does (${remedy})`);
    }),
  );
}
