import { defineQuery, setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { OrderPhase, OrderProgress } from '../contracts/order.ts';
import { orderSearchAttributes } from '../contracts/search-attributes.ts';
import { messages } from '../contracts/workflow-names.ts';

const orderProgressQuery = defineQuery<OrderProgress>(messages.orderProgress);

/** How many outcomes of creates are kept. */
const MAX_OUTCOMES = 50;

export type OrderDisplay = ReturnType<typeof createOrderDisplay>;

/**
 * What an order shows about itself: the query `orderProgress`, the current details in Temporal's UI, and search
 * attributes where the namespace has them.
 * @param outcomes the outcomes of creates in earlier runs of the chain
 */
export function createOrderDisplay(orderId: string, outcomes: readonly string[] = []) {
  let progress: OrderProgress = {
    orderId,
    phase: 'preparing',
    detail: 'getting a token and the reservation',
    createAttempts: 0,
    outcomes,
    voidedTicketIds: [],
    cancelRequested: false,
  };
  let hasSearchAttributes = false;
  let indexedPhase: OrderPhase | undefined;
  setHandler(orderProgressQuery, () => progress);

  const show = (change: Partial<OrderProgress>) => {
    progress = { ...progress, ...change };
    setCurrentDetails(describe(progress));
  };

  return {
    show,
    current: (): OrderProgress => progress,
    /** @param enabled whether the namespace has the search attributes; until this call none is set */
    useSearchAttributes(enabled: boolean) {
      hasSearchAttributes = enabled;
    },
    addOutcome: (outcome: string) => show({ outcomes: [...progress.outcomes, outcome].slice(-MAX_OUTCOMES) }),
    /** Shows a phase and makes orders searchable by it, which adds an event to the history. */
    enterPhase(phase: OrderPhase) {
      show({ phase });
      if (!hasSearchAttributes || phase === indexedPhase) return;
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
    `reservation: ${reservationId ?? 'not known yet'}, guarantee: ${guarantee ?? 'not known yet'}`,
    `create attempts: ${createAttempts}`,
    ...outcomes.slice(-5).map((outcome) => `- ${outcome}`),
    ...(fenceMs === undefined ? [] : [`fence: ${new Date(fenceMs).toISOString()}`]),
    ...(ticketId === undefined ? [] : [`ticket: ${ticketId}`]),
    ...(voidedTicketIds.length === 0 ? [] : [`voided: ${voidedTicketIds.join(', ')}`]),
    ...(progress.cancelRequested ? ['cancellation requested'] : []),
  ];
  return lines.join('\n\n');
}
