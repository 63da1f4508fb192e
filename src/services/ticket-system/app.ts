import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Guarantee } from 'exactly-one';
import type { FastifyBaseLogger } from 'fastify';
import type { OpenLocked } from '../../platform/files/open-locked.ts';
import { createFaultInjection } from '../faults/fault-injection.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { TICKET_SYSTEM_POINTS, TICKET_SYSTEM_PRESETS, type TicketSystemPoint } from '../faults/ticket-system-faults.ts';
import { createServer, type Server } from '../http/create-server.ts';
import { handleErrorOrFault } from '../http/fault-responses.ts';
import { addFaultsRoutes } from '../http/faults-routes.ts';
import { stopGracefully } from '../http/graceful-stop.ts';
import { addHealthRoute } from '../http/health-route.ts';
import { collectMethods } from '../http/method-not-allowed.ts';
import { serveOpenApi } from '../http/open-api.ts';
import { createRequestsInFlight } from '../http/requests-in-flight.ts';
import { realDisk } from '../storage/disk.ts';
import { auditDatabase } from './audit.ts';
import { auditTicketsOf } from './audit-tickets.ts';
import { openDatabase } from './database.ts';
import { faultInterceptors } from './faults.ts';
import { type Ids, realIds } from './generated-values.ts';
import { combine, type Interceptors } from './interceptors.ts';
import { createOrderLock, createWithTickets } from './order-lock.ts';
import { requireToken } from './require-token.ts';
import { addAuditRoute, addOrderAuditRoute } from './routes/audit.ts';
import { addCreateRoute } from './routes/create.ts';
import { addPaymentMethodRoute } from './routes/payment-methods.ts';
import { addReservationRoute } from './routes/reservations.ts';
import { addTicketsRoute } from './routes/tickets.ts';
import { addTokensRoute } from './routes/tokens.ts';
import { addVoidRoute } from './routes/void.ts';
import { createServiceClock } from './service-clock.ts';
import { createTicketService } from './ticket-service.ts';
import { createTokens } from './tokens.ts';

export interface TicketSystemOptions {
  /** A folder that exists and that no other process uses. */
  readonly databaseDir: string;
  /** The guarantee of reservations that are created from now on. */
  readonly guarantee: Guarantee;
  /** How long after its deadline an accepted create may be finished, where there is a guarantee. Default: 0. */
  readonly acceptWithinMs?: number;
  /** How long a token is valid. */
  readonly tokenTtlMs: number;
  readonly faultPlan: FaultPlan<TicketSystemPoint>;
  readonly logger: FastifyBaseLogger;
  /** Names of this service besides loopback, in canonical form. Default: none. */
  readonly allowedHosts?: readonly string[];
  /** The wall clock in epoch milliseconds. Default: `Date.now`. */
  readonly nowMs?: () => number;
  /** Default: {@link realIds}. */
  readonly ids?: Ids;
  /** How the database folder is locked. Default: by the operating system. */
  readonly openLocked?: OpenLocked;
  /** How the delays of faults pass. Default: on the real clock. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Applied before those of the fault plan, which wrap them. Default: none. */
  readonly interceptors?: Interceptors;
}

/**
 * Builds the ticket system; it does not listen yet. Closing it finishes what was accepted and releases the database.
 * @throws DatabaseUnusableError, FolderInUseError, LockUnavailableError, OddFileError or JournalDamagedError if the database cannot be used
 */
export async function createTicketSystem(options: TicketSystemOptions): Promise<Server> {
  const {
    databaseDir,
    guarantee,
    faultPlan,
    logger,
    acceptWithinMs = 0,
    allowedHosts = [],
    nowMs = Date.now,
    ids = realIds,
    sleep = sleepFor,
  } = options;
  const faults = createFaultInjection(
    faultPlan,
    async (ms) => void (await sleep(ms)),
    (injected) => logger.debug(injected, 'fault injected'),
  );
  const intercept = combine([options.interceptors ?? {}, faultInterceptors(faults)]);

  const database = await openDatabase(databaseDir, intercept.disk(realDisk), logger, options.openLocked);
  const { reservations, tickets, parts, newestMs } = database;
  const ledger = intercept.ledger(database.ledger);
  const clock = createServiceClock(nowMs, newestMs);
  const tokens = createTokens(options.tokenTtlMs);
  const lock = intercept.lock(createOrderLock());
  const withTickets = createWithTickets(lock, tickets, clock);
  const inFlight = createRequestsInFlight();
  const service = intercept.service(
    createTicketService({
      ...{ reservations, tickets, ledger, lock, withTickets, clock, tokens, ids, guarantee, acceptWithinMs },
      goesOn: inFlight.during,
      log: logger,
    }),
    withTickets,
  );

  const app = createServer({ logger, allowedHosts, errorHandler: handleErrorOrFault });
  stopGracefully(app, inFlight);
  app.addHook('onClose', () => database.close());

  await serveOpenApi(app, {
    title: 'Ticket system',
    description: 'Issues tickets for orders. It cannot promise to issue exactly one.',
    bearer: 'token',
  });
  const refuseOtherMethods = collectMethods(app);
  await app.register(async (scope: Server) => {
    inFlight.countRoutes(scope);
    addTokensRoute(scope, service);
  });
  await app.register(async (scope: Server) => {
    inFlight.countRoutes(scope);
    scope.addHook('onRequest', requireToken(tokens, clock));
    addReservationRoute(scope, service);
    addPaymentMethodRoute(scope, service);
    addCreateRoute(scope, service);
    addTicketsRoute(scope, service);
    addVoidRoute(scope, service);
  });
  addHealthRoute(app);
  addAuditRoute(app, (signal) => parts.whileInPlace(() => auditDatabase(databaseDir, signal)), inFlight);
  addOrderAuditRoute(app, (orderId) => parts.whileInPlace(() => auditTicketsOf(databaseDir, orderId)));
  addFaultsRoutes(app, {
    plan: faultPlan,
    points: TICKET_SYSTEM_POINTS,
    presetNames: Object.keys(TICKET_SYSTEM_PRESETS),
  });
  refuseOtherMethods(app);
  return app;
}
