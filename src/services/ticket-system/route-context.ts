import type { FaultInjection } from '../faults/fault-injection.ts';
import type { TicketSystemPoint } from '../faults/ticket-system-points.ts';
import type { KeysInFlight } from '../http/keys-in-flight.ts';
import type { Database } from './open-database.ts';
import type { ServiceClock } from './service-clock.ts';
import type { TicketService } from './ticket-service.ts';
import type { Tokens } from './tokens.ts';

/** What the routes work with. */
export interface RouteContext {
  readonly database: Database;
  readonly office: TicketService;
  readonly clock: ServiceClock;
  readonly tokens: Tokens;
  readonly keysInFlight: KeysInFlight;
  readonly faults: FaultInjection<TicketSystemPoint>;
}
