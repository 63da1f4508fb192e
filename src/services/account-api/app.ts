import { setTimeout as sleepFor } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { OpenLocked } from '../../platform/files/open-locked.ts';
import { ACCOUNT_POINTS, ACCOUNT_PRESETS, type AccountPoint } from '../faults/account-faults.ts';
import { createFaultInjection } from '../faults/fault-injection.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { createServer, type Server } from '../http/create-server.ts';
import { handleErrorOrFault } from '../http/fault-responses.ts';
import { addFaultsRoutes } from '../http/faults-routes.ts';
import { stopGracefully } from '../http/graceful-stop.ts';
import { addHealthRoute } from '../http/health-route.ts';
import { collectMethods } from '../http/method-not-allowed.ts';
import { serveOpenApi } from '../http/open-api.ts';
import { createRequestsInFlight } from '../http/requests-in-flight.ts';
import type { JournalDisk } from '../storage/journal-disk.ts';
import { createAccountService } from './account-service.ts';
import { openDatabase } from './database.ts';
import { decideOperation } from './decide-operation.ts';
import { useExactJson } from './exact-json.ts';
import { faultInterceptors } from './faults.ts';
import { addAccountRoutes } from './routes/accounts.ts';
import { addOperationRoutes } from './routes/operations.ts';
import { addResetRoute } from './routes/reset.ts';

export interface AccountApiOptions {
  /** A folder that exists and that no other account API uses. */
  readonly databaseDir: string;
  readonly faultPlan: FaultPlan<AccountPoint>;
  readonly logger: FastifyBaseLogger;
  /** Names of this service besides loopback, in canonical form. Default: none. */
  readonly allowedHosts?: readonly string[];
  /** The wall clock in epoch milliseconds. Default: `Date.now`. */
  readonly nowMs?: () => number;
  /** How the database folder is locked. Default: by the operating system. */
  readonly openLocked?: OpenLocked;
  /** How the delays of faults pass. Default: on the real clock. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Default: the real one. */
  readonly disk?: JournalDisk;
}

/**
 * Builds the account API; it does not listen yet. Closing it finishes what was accepted and releases the database.
 * @throws DatabaseUnusableError, FolderInUseError, LockUnavailableError, OddFileError or JournalDamagedError if the database cannot be used
 */
export async function createAccountApi(options: AccountApiOptions): Promise<Server> {
  const {
    databaseDir,
    faultPlan,
    logger,
    allowedHosts = [],
    nowMs = Date.now,
    sleep = sleepFor,
    disk,
    openLocked,
  } = options;
  const faults = createFaultInjection(
    faultPlan,
    async (ms) => void (await sleep(ms)),
    (injected) => logger.debug(injected, 'fault injected'),
  );
  const intercept = faultInterceptors(faults);
  const decide = intercept.decide(decideOperation);
  const ledgerOptions = { databaseDir, nowMs, decide, ...(disk === undefined ? {} : { disk }) };
  const database = await openDatabase(ledgerOptions, logger, openLocked);
  const service = intercept.service(createAccountService(intercept.ledger(database.ledger)));

  const app = createServer({ logger, allowedHosts, errorHandler: handleErrorOrFault });
  const inFlight = createRequestsInFlight();
  stopGracefully(app, inFlight);
  app.addHook('onClose', () => database.close());

  await serveOpenApi(app, {
    title: 'Account API',
    description:
      'Withdraws and deposits money. Calls may fail at any time; idempotency keys make it safe to repeat them.',
  });
  const refuseOtherMethods = collectMethods(app);
  await app.register(async (scope: Server) => {
    inFlight.countRoutes(scope);
    useExactJson(scope);
    addAccountRoutes(scope, service);
    addOperationRoutes(scope, service);
  });
  await app.register(async (scope: Server) => {
    inFlight.countRoutes(scope);
    addResetRoute(scope, service);
  });
  addHealthRoute(app);
  addFaultsRoutes(app, { plan: faultPlan, points: ACCOUNT_POINTS, presetNames: Object.keys(ACCOUNT_PRESETS) });
  refuseOtherMethods(app);
  return app;
}
