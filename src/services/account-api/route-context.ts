import type { AccountPoint } from '../faults/account-points.ts';
import type { FaultInjection } from '../faults/fault-injection.ts';
import type { KeysInFlight } from '../http/keys-in-flight.ts';
import type { AccountLedger } from './account-ledger.ts';

/** What the routes work with. */
export interface RouteContext {
  readonly ledger: AccountLedger;
  readonly keysInFlight: KeysInFlight;
  readonly faults: FaultInjection<AccountPoint>;
}
