import type { ItemList, ListExchange, ListedItem, SeenItems } from 'exactly-one';
import type { CheckFault } from '../scenario/planned-requests.ts';
import { ACTIVITY_RETRY_MS, type Caller, type ListedItems } from './temporal.ts';
import { ORDER } from './ticket-system.ts';
import type { World } from './world.ts';

const FUTURE_MS = 20_000;

/**
 * The activity `validateTicket`, which is retried until it has a complete response.
 * @param runId the run of the order; undefined for a late watch
 */
export async function validateTicket(
  world: World,
  caller: Caller,
  seen: SeenItems,
  runId: string | undefined,
): Promise<ItemList> {
  const { clock, clocks, plans, ticketSystem, checker, events, protocol, trace, scenario } = world;
  for (let retries = 0; ; retries += 1) {
    const plan = plans.nextCheck();
    // A worker's clock does not change during a request.
    const workerOffsetMs = clocks.read('worker') - clock.now();
    const requestedAtMs = clock.now() + workerOffsetMs;
    await caller.sleep(plan.arrivesAfterMs);
    const { received, isIncomplete } = withFault(ticketSystem.read(plan.staleMs), plan.fault, caller.received);
    await caller.sleep(plan.respondsAfterMs);
    const receivedAtMs = clock.now() + workerOffsetMs;
    const { clockSkewMs } = scenario.timings;
    const context = { ...ORDER, seen, requestedAtMs, receivedAtMs, clockSkewMs };
    const response = protocol.readCompleteResponse(received, context);
    events.emit('checked');
    if ('problem' in response) {
      trace(caller.name, () => `check failed: ${response.problem}`);
      await caller.sleep(ACTIVITY_RETRY_MS * 2 ** Math.min(retries, 5));
      continue;
    }
    const { list } = response;
    trace(caller.name, () => `finds ${describe(list)} (as of ${list.asOfMs})`);
    checker.responseAccepted(runId, list, { requestedAtMs, receivedAtMs, isIncomplete, before: caller.received });
    await caller.sleep(plan.deliveredAfterMs);
    return list;
  }
}

interface FaultyResponse {
  readonly received: ListExchange;
  /** Whether the protocol must recognize that this is not a complete response. */
  readonly isIncomplete: boolean;
}

function withFault(
  { items, asOfMs }: { readonly items: readonly ListedItem[]; readonly asOfMs: number },
  fault: CheckFault | undefined,
  { listed, listedVoided }: ListedItems,
): FaultyResponse {
  const list = (changed: readonly ListedItem[], isIncomplete: boolean, atMs = asOfMs): FaultyResponse => ({
    received: { kind: 'list', items: changed, asOfMs: atMs },
    isIncomplete,
  });
  const foreign: ListedItem = { ...ORDER, itemId: 'X', createdAtMs: asOfMs - 1, voided: false };
  switch (fault) {
    case undefined:
      return list(items, false);
    case 'error':
    case 'lost':
      return { received: { kind: 'error', error: new Error(fault) }, isIncomplete: true };
    case 'includes another order':
      return list([...items, { ...foreign, orderId: 'order-2' }], true);
    case 'includes another reservation':
      return list([{ ...foreign, reservationId: 'R-2' }, ...items], true);
    case 'omits a ticket seen before': {
      const omitted = [...listed].at(-1);
      const others = items.filter(({ itemId }) => itemId !== omitted);
      return list(others, omitted !== undefined);
    }
    case 'shows a voided ticket as live': {
      const revived = [...listedVoided].at(-1);
      const changed = items.map((each) => (each.itemId === revived ? { ...each, voided: false } : each));
      return list(changed, revived !== undefined);
    }
    case 'lists a ticket as live and voided': {
      const [first] = items;
      return first === undefined ? list([], false) : list([...items, { ...first, voided: !first.voided }], true);
    }
    case 'lists every ticket twice':
      return list([...items, ...items.map((each) => ({ ...each, createdAtMs: each.createdAtMs + 1 }))], false);
    case 'from the future':
      return list(items, true, asOfMs + FUTURE_MS);
    case 'invalid time':
      return list(items, true, Number.NaN);
  }
}

function describe({ items }: ItemList): string {
  return items.map(({ itemId, voided }) => (voided ? `${itemId} (voided)` : itemId)).join(', ') || 'no ticket';
}
