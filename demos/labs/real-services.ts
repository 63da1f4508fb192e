import { type AccountApi, createAccountApiClient } from '../../src/clients/account-api.ts';
import { createTicketSystemClient, type TicketSystem } from '../../src/clients/ticket-system.ts';
import { createLogger } from '../../src/platform/logging/logger.ts';
import { createAccountApi } from '../../src/services/account-api/app.ts';
import { ACCOUNT_PRESETS, type AccountPoint } from '../../src/services/faults/account-faults.ts';
import { createFaultPlan, type FaultChoice, type FaultPlan } from '../../src/services/faults/fault-plan.ts';
import { TICKET_SYSTEM_PRESETS, type TicketSystemPoint } from '../../src/services/faults/ticket-system-faults.ts';
import type { Server } from '../../src/services/http/create-server.ts';
import { createTicketSystem } from '../../src/services/ticket-system/app.ts';
import { withTemporaryFolder } from '../../testbed/temporary-folder.ts';

const HOST = '127.0.0.1';
const TOKEN_TTL_MS = 600_000;

/** A service that listens on a free port, with a database of its own. */
interface RealService<Client, Point extends string> {
  readonly client: Client;
  /** May be changed while the service runs. */
  readonly faults: FaultPlan<Point>;
  readonly requestsReceived: () => number;
}

/** Runs an account API in this process while it is used. */
export function withAccountApi<T>(
  choice: FaultChoice<AccountPoint>,
  use: (service: RealService<AccountApi, AccountPoint>) => Promise<T>,
): Promise<T> {
  const faults = createFaultPlan(ACCOUNT_PRESETS, choice);
  const logger = createLogger('account-api', 'silent');
  return withService(
    (databaseDir) => createAccountApi({ databaseDir, faultPlan: faults, logger }),
    (baseUrl, requestsReceived) => use({ client: createAccountApiClient({ baseUrl }), faults, requestsReceived }),
  );
}

/** Runs a ticket system in this process while it is used. */
export function withTicketSystem<T>(
  choice: FaultChoice<TicketSystemPoint>,
  use: (service: RealService<TicketSystem, TicketSystemPoint>) => Promise<T>,
): Promise<T> {
  const faults = createFaultPlan(TICKET_SYSTEM_PRESETS, choice);
  const logger = createLogger('ticket-system', 'silent');
  return withService(
    (databaseDir) =>
      createTicketSystem({ databaseDir, guarantee: 'none', tokenTtlMs: TOKEN_TTL_MS, faultPlan: faults, logger }),
    (baseUrl, requestsReceived) => use({ client: createTicketSystemClient({ baseUrl }), faults, requestsReceived }),
  );
}

function withService<T>(
  build: (databaseDir: string) => Promise<Server>,
  use: (baseUrl: string, requestsReceived: () => number) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder(async (databaseDir) => {
    const app = await build(databaseDir);
    let requests = 0;
    app.server.on('request', () => {
      requests += 1;
    });
    try {
      const baseUrl = await app.listen({ host: HOST, port: 0 });
      return await use(baseUrl, () => requests);
    } finally {
      await app.close();
    }
  });
}
