import type { Steps } from './exactly-one.ts';
import type { SeenTickets, Ticket } from './items.ts';
import { chooseKeeper, liveTickets } from './keeper.ts';

export interface WatchConclusion {
  /**
   * `promised ticket gone`: somebody else took it out of circulation, so nothing is voided any more.
   * `void without effect`: the service says yes, and at the last look too the tickets stay. In both cases a person
   * must look.
   */
  readonly kind: 'watched' | 'promised ticket gone' | 'void without effect';
  readonly voidedTicketIds: readonly string[];
}

/** A service that says yes to a void and does nothing is asked ever more slowly. */
const VOID_AGAIN_AFTER_MS = 250;

/** How often one look may find something to void before it is left to the next look. */
const MOST_VOIDS_PER_LOOK = 100;

/** What a watch still has to do and has done; plain JSON, so that it survives continue-as-new. */
export interface WatchState {
  readonly promisedTicketId: string;
  /** The pauses before the looks that are left. */
  readonly lateWatchMs: readonly number[];
  readonly seen: SeenTickets;
  readonly voidedTicketIds: readonly string[];
}

/**
 * Looks again, long after the order had its ticket, for tickets whose create committed late, and voids them.
 * The promised ticket stays.
 */
export async function lateWatch(
  begun: WatchState,
  steps: Pick<Steps, 'sleep' | 'validate' | 'voidTicket'> & {
    /** Told whenever something changed: to go on with should a step be broken off. */
    remember(state: WatchState): void;
  },
): Promise<WatchConclusion> {
  let state = begun;
  const change = (changed: Partial<WatchState>) => {
    state = { ...state, ...changed };
    steps.remember(state);
  };
  const conclude = (kind: WatchConclusion['kind']) => ({ kind, voidedTicketIds: state.voidedTicketIds });

  let unvoided = false;
  for (let pauses = state.lateWatchMs; pauses.length > 0; pauses = pauses.slice(1)) {
    await steps.sleep(pauses[0] ?? 0);
    change({ lateWatchMs: [0, ...pauses.slice(1)] });
    for (let round = 0; round < MOST_VOIDS_PER_LOOK; round += 1) {
      const { tickets } = await steps.validate(state.seen);
      change({ seen: seenIn(tickets) });
      const live = liveTickets(tickets);
      const keeper = chooseKeeper(live, state.promisedTicketId);
      if (keeper === undefined) return conclude('promised ticket gone');
      const late = live.filter((ticket) => ticket !== keeper);
      unvoided = late.length > 0;
      if (!unvoided) break;
      if (round > 0) await steps.sleep(VOID_AGAIN_AFTER_MS * Math.min(round, 20));
      for (const { ticketId } of late) {
        const result = await steps.voidTicket(ticketId, keeper.ticketId);
        if (result === 'voided') change({ voidedTicketIds: [...new Set([...state.voidedTicketIds, ticketId])] });
      }
    }
  }
  return conclude(unvoided ? 'void without effect' : 'watched');
}

function seenIn(tickets: readonly Ticket[]): SeenTickets {
  return {
    ticketIds: tickets.map(({ ticketId }) => ticketId),
    voidedTicketIds: tickets.filter(({ voided }) => voided).map(({ ticketId }) => ticketId),
  };
}
