import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Guarantee } from 'exactly-one';
import type { FastifyBaseLogger } from 'fastify';
import { createFaultInjection } from '../faults/fault-injection.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { TICKET_SYSTEM_POINTS, type TicketSystemPoint } from '../faults/ticket-system-points.ts';
import { TICKET_SYSTEM_PRESETS } from '../faults/ticket-system-presets.ts';
import { createServer, type Server } from '../http/create-server.ts';
import { addFaultsRoutes } from '../http/faults-routes.ts';
import { stopGracefully } from '../http/graceful-stop.ts';
import { addHealthRoute } from '../http/health-route.ts';
import { createKeysInFlight } from '../http/keys-in-flight.ts';
import { collectMethods } from '../http/method-not-allowed.ts';
import { serveOpenApi } from '../http/open-api.ts';
import { createRequestsInFlight } from '../http/requests-in-flight.ts';
import { type Ids, ids as realIds } from './ids.ts';
import { type Database, openDatabase } from './open-database.ts';
import { createOrderLock } from './order-lock.ts';
import { requireToken } from './require-token.ts';
import type { RouteContext } from './route-context.ts';
import { addAuditRoute } from './routes/audit.ts';
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
  /** A folder that exists; this process alone may use it. */
  readonly databaseDir: string;
  /** Of reservations that are made from now on. */
  readonly guarantee: Guarantee;
  readonly tokenTtlMs: number;
  readonly faultPlan: FaultPlan<TicketSystemPoint>;
  readonly logger: FastifyBaseLogger;
  /** The wall clock in epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  readonly ids?: Ids;
  /** How the delays of faults pass. Default: really. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/**
 * Builds the ticket system; it does not listen yet. Closing it finishes what was accepted and releases the database.
 * @throws DatabaseUnusableError, FolderInUseError or JournalDamagedError when the database cannot be used
 */
export async function createTicketSystem(options: TicketSystemOptions): Promise<Server> {
  const { databaseDir, faultPlan, logger } = options;
  const database = await openDatabase(databaseDir, logger);
  const app = createServer(logger);
  const inFlight = createRequestsInFlight();
  const context = createContext(options, database);
  stopGracefully(app, inFlight);
  app.addHook('onClose', () => database.close());

  await serveOpenApi(app, {
    title: 'Ticket system',
    description: 'Issues tickets for orders, and cannot promise to issue exactly one.',
    bearer: 'token',
  });
  const refuseOtherMethods = collectMethods(app);
  await app.register(async (scope: Server) => {
    inFlight.countRoutes(scope);
    addTokensRoute(scope, context);
  });
  await app.register(async (scope: Server) => {
    inFlight.countRoutes(scope);
    scope.addHook('onRequest', requireToken(context.tokens, context.clock));
    addReservationRoute(scope, context);
    addPaymentMethodRoute(scope, context);
    addCreateRoute(scope, context);
    addTicketsRoute(scope, context);
    addVoidRoute(scope, context);
  });
  addHealthRoute(app);
  addAuditRoute(app, databaseDir, inFlight);
  addFaultsRoutes(app, {
    plan: faultPlan,
    points: TICKET_SYSTEM_POINTS,
    presetNames: Object.keys(TICKET_SYSTEM_PRESETS),
  });
  refuseOtherMethods(app);
  return app;
}

function createContext(options: TicketSystemOptions, database: Database): RouteContext {
  const { guarantee, tokenTtlMs, faultPlan, logger: log, now = Date.now, ids = realIds, sleep = sleepFor } = options;
  const clock = createServiceClock(now, database.newestMs);
  return {
    database,
    clock,
    office: createTicketService({ database, clock, lock: createOrderLock(), ids, guarantee, log }),
    tokens: createTokens(tokenTtlMs),
    keysInFlight: createKeysInFlight(),
    faults: createFaultInjection(
      faultPlan,
      async (ms) => void (await sleep(ms)),
      (injected) => log.debug(injected, 'a fault strikes'),
    ),
  };
}
