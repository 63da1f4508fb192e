import { defineQuery, setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { OrderPhase, OrderProgress, OrderSettings } from '../contracts/order.ts';
import { orderSearchAttributes } from '../contracts/search-attributes.ts';
import { messages } from '../contracts/workflow-names.ts';

export const orderProgressQuery = defineQuery<OrderProgress>(messages.orderProgress);

/** How many outcomes of creates are kept to be shown. */
const MOST_OUTCOMES = 50;

export type OrderDisplay = ReturnType<typeof createOrderDisplay>;

/**
 * What an order shows of itself: the query `orderProgress`, the current details in Temporal's UI,
 * and search attributes where the namespace has them.
 * @param outcomes of the creates of earlier runs of the chain
 */
export function createOrderDisplay(orderId: string, outcomes: readonly string[] = []) {
  let progress: OrderProgress = {
    orderId,
    phase: 'preparing',
    detail: 'gets a token and the reservation',
    createAttempts: 0,
    outcomes,
    voidedTicketIds: [],
    cancelRequested: false,
  };
  let indexed = false;
  let indexedPhase: OrderPhase | undefined;
  setHandler(orderProgressQuery, () => progress);

  const show = (change: Partial<OrderProgress>) => {
    progress = { ...progress, ...change };
    setCurrentDetails(describe(progress));
  };

  return {
    show,
    current: (): OrderProgress => progress,
    indexWith: (settings: Pick<OrderSettings, 'searchAttributes'>) => {
      indexed = settings.searchAttributes;
    },
    addOutcome: (outcome: string) => show({ outcomes: [...progress.outcomes, outcome].slice(-MOST_OUTCOMES) }),
    /** A turning point: shown, and indexed so that orders can be found by it. Each indexing is an event of the history. */
    turn(phase: OrderPhase) {
      show({ phase });
      if (!indexed || phase === indexedPhase) return;
      indexedPhase = phase;
      upsertSearchAttributes([
        { key: orderSearchAttributes.phase, value: phase },
        { key: orderSearchAttributes.createAttempts, value: progress.createAttempts },
        { key: orderSearchAttributes.guarantee, value: progress.guarantee ?? null },
        { key: orderSearchAttributes.ticketId, value: progress.ticketId ?? null },
      ]);
    },
  };
}

function describe(progress: OrderProgress): string {
  const { phase, detail, reservationId, guarantee, createAttempts, outcomes, fenceMs, ticketId, voidedTicketIds } =
    progress;
  const lines = [
    `**${phase}**: ${detail}`,
    `reservation ${reservationId ?? 'not yet known'}, guarantee ${guarantee ?? 'not yet known'}`,
    `creates sent or tried: ${createAttempts}`,
    ...outcomes.slice(-5).map((outcome) => `- ${outcome}`),
    ...(fenceMs === undefined ? [] : [`fence: ${new Date(fenceMs).toISOString()}`]),
    ...(ticketId === undefined ? [] : [`ticket ${ticketId}`]),
    ...(voidedTicketIds.length === 0 ? [] : [`voided: ${voidedTicketIds.join(', ')}`]),
    ...(progress.cancelRequested ? ['a cancellation was asked for'] : []),
  ];
  return lines.join('\n\n');
}
