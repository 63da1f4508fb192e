import type { ItemList, ListedItem, Received, SeenItems } from 'exactly-one';
import type { CheckTrouble } from '../scenario/scenario.ts';
import { ORDER } from './ticket-system.ts';
import { type Caller, type Memory, RETRY_AFTER_MS, type World } from './world.ts';

const FUTURE_MS = 20_000;

/**
 * The activity `validateTicket`, tried until it has a complete response.
 * @param runId of an order; a watch has none
 */
export async function look(
  world: World,
  caller: Caller,
  seen: SeenItems,
  runId: string | undefined,
): Promise<ItemList> {
  const { clock, clocks, fates, service, checker, occasions, say, scenario } = world;
  for (let tries = 0; ; tries += 1) {
    const fate = fates.look();
    // A worker keeps its clock for the time of one request.
    const workerOffMs = clocks.read('worker') - clock.now();
    const requestedAtMs = clock.now() + workerOffMs;
    await caller.sleep(fate.arrivesAfterMs);
    const trouble = withTrouble(service.read(fate.staleMs), fate.trouble, caller.memory);
    await caller.sleep(fate.answeredAfterMs);
    const receivedAtMs = clock.now() + workerOffMs;
    const { clockSkewMs } = scenario.timings;
    const context = { ...ORDER, seen, requestedAtMs, receivedAtMs, clockSkewMs };
    const answer = world.parts.readCompleteResponse(trouble.received, context);
    occasions.came('look');
    if ('problem' in answer) {
      say(caller.name, () => `checks, and has no answer: ${answer.problem}`);
      await caller.sleep(RETRY_AFTER_MS * 2 ** Math.min(tries, 5));
      continue;
    }
    const { list } = answer;
    say(caller.name, () => `sees ${describe(list)}, as of ${list.asOfMs}`);
    checker.believed(runId, list, { requestedAtMs, receivedAtMs, isNone: trouble.isNone, memory: caller.memory });
    await caller.sleep(fate.heardAfterMs);
    return list;
  }
}

/** What arrives, and whether it is no answer. */
function withTrouble(
  { items, asOfMs }: { readonly items: readonly ListedItem[]; readonly asOfMs: number },
  trouble: CheckTrouble | undefined,
  { listed, listedVoided }: Memory,
): { readonly received: Received; readonly isNone: boolean } {
  const list = (changed: readonly ListedItem[], isNone: boolean, atMs = asOfMs) => ({
    received: { kind: 'list', items: changed, asOfMs: atMs } as const,
    isNone,
  });
  const stranger: ListedItem = { ...ORDER, itemId: 'X', createdAtMs: asOfMs - 1, voided: false };
  switch (trouble) {
    case undefined:
      return list(items, false);
    case 'error':
    case 'lost':
      return { received: { kind: 'error', error: new Error(trouble) }, isNone: true };
    case 'of another order':
      return list([...items, { ...stranger, orderId: 'order-2' }], true);
    case 'of another reservation':
      return list([{ ...stranger, reservationId: 'R-2' }, ...items], true);
    case 'lacks what was seen': {
      const hidden = [...listed].at(-1);
      return list(
        items.filter(({ itemId }) => itemId !== hidden),
        hidden !== undefined,
      );
    }
    case 'revives a void': {
      const revived = [...listedVoided].at(-1);
      const isRevived = ({ itemId }: ListedItem) => itemId === revived;
      return list(
        items.map((each) => (isRevived(each) ? { ...each, voided: false } : each)),
        revived !== undefined,
      );
    }
    case 'both live and voided': {
      const [first] = items;
      return list(first === undefined ? [] : [...items, { ...first, voided: !first.voided }], first !== undefined);
    }
    case 'listed twice':
      return list([...items, ...items.map((each) => ({ ...each, createdAtMs: each.createdAtMs + 1 }))], false);
    case 'from the future':
      return list(items, true, asOfMs + FUTURE_MS);
    case 'time unreadable':
      return list(items, true, Number.NaN);
  }
}

function describe({ items }: ItemList): string {
  return items.map(({ itemId, voided }) => (voided ? `${itemId} (voided)` : itemId)).join(', ') || 'no ticket';
}
