import { defineQuery, setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { Progress } from 'exactly-one/workflow';
import type { CarriedOrder, OrderPhase, OrderProgress } from '../contracts/order.ts';
import { orderSearchAttributes } from '../contracts/search-attributes.ts';
import { messages } from '../contracts/workflow-names.ts';

const orderProgressQuery = defineQuery<OrderProgress>(messages.orderProgress);

/** The phases by which orders can be searched. Each adds an event to the history. */
const INDEXED: readonly OrderPhase[] = [
  'settling',
  'final check',
  'completed',
  'rejected',
  'cancelled',
  'resolved',
  'given up',
];

const PREPARING = 'getting a token and the reservation';

export type OrderDisplay = ReturnType<typeof createOrderDisplay>;

/**
 * What an order shows about itself: the query `orderProgress`, the current details in Temporal's UI, and search
 * attributes where the namespace has them.
 * @param carried what an earlier run of the chain has shown
 */
export function createOrderDisplay(orderId: string, { reservationId, searchAttributes = false }: CarriedOrder) {
  let shown: OrderProgress = {
    orderId,
    phase: 'preparing',
    detail: PREPARING,
    ...(reservationId === undefined ? {} : { reservationId }),
    createAttempts: 0,
    outcomes: [],
    voidedTicketIds: [],
    cancelRequested: false,
  };
  let hasSearchAttributes = searchAttributes;
  let indexedPhase: OrderPhase | undefined;
  setHandler(orderProgressQuery, () => shown);

  const change = (changed: Partial<OrderProgress>) => {
    shown = { ...shown, ...changed };
    setCurrentDetails(describe(shown));
  };

  const index = ({ phase, createAttempts, guarantee, ticketId }: OrderProgress) => {
    if (!hasSearchAttributes || phase === indexedPhase || !INDEXED.includes(phase)) return;
    // An order is completed once its late watch is running, if it needs one.
    if (phase === 'completed' && ticketId === undefined) return;
    indexedPhase = phase;
    upsertSearchAttributes([
      { key: orderSearchAttributes.phase, value: phase },
      { key: orderSearchAttributes.createAttempts, value: createAttempts },
      { key: orderSearchAttributes.guarantee, value: guarantee ?? null },
      { key: orderSearchAttributes.ticketId, value: ticketId ?? null },
    ]);
  };

  return {
    /** @param enabled whether the namespace has the search attributes; until this call none is set */
    useSearchAttributes(enabled: boolean) {
      hasSearchAttributes = enabled;
    },
    showReservation: (known: string) => change({ reservationId: known }),
    show({ itemId, voidedItemIds, ...progress }: Progress) {
      change({
        ...progress,
        ...(progress.phase === 'preparing' ? { detail: PREPARING } : {}),
        ...(itemId === undefined ? {} : { ticketId: itemId }),
        voidedTicketIds: voidedItemIds,
      });
      index(shown);
    },
    /** What the next run shows as well. */
    carried: (): CarriedOrder => ({
      ...(shown.reservationId === undefined ? {} : { reservationId: shown.reservationId }),
      searchAttributes: hasSearchAttributes,
    }),
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
