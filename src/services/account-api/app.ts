import { setTimeout as sleepFor } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { ACCOUNT_POINTS, type AccountPoint } from '../faults/account-points.ts';
import { ACCOUNT_PRESETS } from '../faults/account-presets.ts';
import { createFaultInjection } from '../faults/fault-injection.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { createServer, type Server } from '../http/create-server.ts';
import { addFaultsRoutes } from '../http/faults-routes.ts';
import { stopGracefully } from '../http/graceful-stop.ts';
import { addHealthRoute } from '../http/health-route.ts';
import { createKeysInFlight } from '../http/keys-in-flight.ts';
import { collectMethods } from '../http/method-not-allowed.ts';
import { serveOpenApi } from '../http/open-api.ts';
import { createRequestsInFlight } from '../http/requests-in-flight.ts';
import type { JournalDisk } from '../storage/journal-disk.ts';
import { useExactJson } from './exact-json.ts';
import { openDatabase } from './open-database.ts';
import type { RouteContext } from './route-context.ts';
import { addAccountRoutes } from './routes/accounts.ts';
import { addOperationRoutes } from './routes/operations.ts';
import { addResetRoute } from './routes/reset.ts';

export interface AccountApiOptions {
  /** A folder that exists; no other account API may use it. */
  readonly databaseDir: string;
  readonly faultPlan: FaultPlan<AccountPoint>;
  readonly logger: FastifyBaseLogger;
  /** The wall clock in epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** How the delays of faults pass. Default: really. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Default: the real one. */
  readonly disk?: JournalDisk;
}

/**
 * Builds the account API; it does not listen yet. Closing it finishes what was accepted and releases the database.
 * @throws DatabaseUnusableError, FolderInUseError or JournalDamagedError when the database cannot be used
 */
export async function createAccountApi(options: AccountApiOptions): Promise<Server> {
  const { databaseDir, faultPlan, logger, now = Date.now, sleep = sleepFor, disk } = options;
  const database = await openDatabase({ databaseDir, now, log: logger, ...(disk === undefined ? {} : { disk }) });
  const app = createServer(logger);
  const inFlight = createRequestsInFlight();
  const context: RouteContext = {
    ledger: database.ledger,
    keysInFlight: createKeysInFlight(),
    faults: createFaultInjection(
      faultPlan,
      async (ms) => void (await sleep(ms)),
      (injected) => logger.debug(injected, 'fault injected'),
    ),
  };
  stopGracefully(app, inFlight);
  app.addHook('onClose', () => database.close());

  await serveOpenApi(app, {
    title: 'Account API',
    description:
      'Moves money into and out of accounts, over an unreliable wire; idempotency keys make it safe to repeat.',
  });
  const refuseOtherMethods = collectMethods(app);
  await app.register(async (scope: Server) => {
    inFlight.countRoutes(scope);
    useExactJson(scope);
    addAccountRoutes(scope, context);
    addOperationRoutes(scope, context);
  });
  await app.register(async (scope: Server) => {
    inFlight.countRoutes(scope);
    addResetRoute(scope, context);
  });
  addHealthRoute(app);
  addFaultsRoutes(app, { plan: faultPlan, points: ACCOUNT_POINTS, presetNames: Object.keys(ACCOUNT_PRESETS) });
  refuseOtherMethods(app);
  return app;
}
