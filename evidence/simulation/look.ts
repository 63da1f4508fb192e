import type { ListedTicket, Received, SeenTickets, TicketList } from 'exactly-one';
import type { LookTrouble } from './story.ts';
import { ORDER } from './ticket-system.ts';
import { type Caller, type Memory, RETRY_AFTER_MS, type World } from './world.ts';

const FUTURE_MS = 20_000;

/**
 * The activity `validateTicket`, tried until it has a whole answer.
 * @param runId of an order; a watch has none
 */
export async function look(
  world: World,
  caller: Caller,
  seen: SeenTickets,
  runId: string | undefined,
): Promise<TicketList> {
  const { clock, clocks, fates, service, checker, occasions, say, story } = world;
  for (let tries = 0; ; tries += 1) {
    const fate = fates.look();
    // A worker keeps its clock for the time of one request.
    const workerOffMs = clocks.read('worker') - clock.now();
    const requestedAtMs = clock.now() + workerOffMs;
    await caller.sleep(fate.arrivesAfterMs);
    const trouble = withTrouble(service.read(fate.staleMs), fate.trouble, caller.memory);
    await caller.sleep(fate.answeredAfterMs);
    const receivedAtMs = clock.now() + workerOffMs;
    const { clockSkewMs } = story.intervals;
    const context = { ...ORDER, seen, requestedAtMs, receivedAtMs, clockSkewMs };
    const answer = world.parts.readWholeAnswer(trouble.received, context);
    occasions.came('look');
    if ('problem' in answer) {
      say(caller.name, () => `looks, and has no answer: ${answer.problem}`);
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
  { tickets, asOfMs }: { readonly tickets: readonly ListedTicket[]; readonly asOfMs: number },
  trouble: LookTrouble | undefined,
  { listed, listedVoided }: Memory,
): { readonly received: Received; readonly isNone: boolean } {
  const list = (changed: readonly ListedTicket[], isNone: boolean, atMs = asOfMs) => ({
    received: { kind: 'list', tickets: changed, asOfMs: atMs } as const,
    isNone,
  });
  const stranger: ListedTicket = { ...ORDER, ticketId: 'X', createdAtMs: asOfMs - 1, voided: false };
  switch (trouble) {
    case undefined:
      return list(tickets, false);
    case 'error':
    case 'lost':
      return { received: { kind: 'error', error: new Error(trouble) }, isNone: true };
    case 'of another order':
      return list([...tickets, { ...stranger, orderId: 'order-2' }], true);
    case 'of another reservation':
      return list([{ ...stranger, reservationId: 'R-2' }, ...tickets], true);
    case 'lacks what was seen': {
      const hidden = [...listed].at(-1);
      return list(
        tickets.filter(({ ticketId }) => ticketId !== hidden),
        hidden !== undefined,
      );
    }
    case 'revives a void': {
      const revived = [...listedVoided].at(-1);
      const isRevived = ({ ticketId }: ListedTicket) => ticketId === revived;
      return list(
        tickets.map((each) => (isRevived(each) ? { ...each, voided: false } : each)),
        revived !== undefined,
      );
    }
    case 'both live and voided': {
      const [first] = tickets;
      return list(first === undefined ? [] : [...tickets, { ...first, voided: !first.voided }], first !== undefined);
    }
    case 'listed twice':
      return list([...tickets, ...tickets.map((each) => ({ ...each, createdAtMs: each.createdAtMs + 1 }))], false);
    case 'from the future':
      return list(tickets, true, asOfMs + FUTURE_MS);
    case 'time unreadable':
      return list(tickets, true, Number.NaN);
  }
}

function describe({ tickets }: TicketList): string {
  return tickets.map(({ ticketId, voided }) => (voided ? `${ticketId} (voided)` : ticketId)).join(', ') || 'no ticket';
}
