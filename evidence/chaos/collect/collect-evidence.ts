import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { paymentInfoOf } from '../../../src/services/ticket-system/generated-values.ts';
import type { PlayedOrder } from '../clients/play-order.ts';
import { cardNumbersIn, withPayloadsDecoded } from '../invariants/card-numbers.ts';
import type { Violation } from '../invariants/violation.ts';
import type { RoundFolders } from '../system/chaos-system.ts';
import { ENDS_WITHIN_MS, TIMINGS } from '../timings.ts';
import { chunksOf, filesIn } from './files.ts';
import { fetchHistories, type RunHistory } from './histories.ts';
import type { OrderEvidence, RoundEvidence } from './round-evidence.ts';
import { readStoredTickets } from './stored-tickets.ts';

const POLL_EVERY_MS = 300;

export interface CollectedEvidence {
  readonly evidence: RoundEvidence;
  readonly histories: readonly RunHistory[];
}

/**
 * Collects what the orders of a round leave behind. Waits until nothing of them is open, for at most `ENDS_WITHIN_MS`;
 * the invariants report what is still open then.
 * @param round.calmAtMs when all faults and stops were over
 */
export async function collectEvidence(round: {
  readonly client: Client;
  readonly prefix: string;
  readonly played: readonly PlayedOrder[];
  readonly folders: RoundFolders;
  readonly calmAtMs: number;
  readonly inFlight: () => Promise<number>;
}): Promise<CollectedEvidence> {
  const { client, prefix, played, folders, calmAtMs } = round;
  const endsAtMs = calmAtMs + ENDS_WITHIN_MS;
  let { histories, orders } = await readOrders();
  while (!orders.every(isClosed) && Date.now() < endsAtMs) {
    await pause(POLL_EVERY_MS);
    ({ histories, orders } = await readOrders());
  }
  let inFlight = await round.inFlight();
  while (inFlight > 0 && Date.now() < endsAtMs) {
    await pause(POLL_EVERY_MS);
    inFlight = await round.inFlight();
  }
  const files = await filesIn(folders.database);
  return {
    evidence: {
      ...{ orders, files, calmAtMs, endsWithinMs: ENDS_WITHIN_MS, inFlight },
      ...{ settleMs: TIMINGS.settleMs, acceptWithinMs: TIMINGS.acceptWithinMs },
    },
    histories,
  };

  async function readOrders() {
    const fetched = await fetchHistories(client, prefix);
    return { histories: fetched, orders: played.map((order) => orderEvidence(order, fetched)) };
  }
}

/** Searches for card numbers in everything that is stored: histories, logs, database files and Temporal's database. */
export async function findCardNumbers(
  { evidence, histories }: CollectedEvidence,
  folders: RoundFolders,
  temporalFiles: readonly string[],
): Promise<readonly Violation[]> {
  const { reservations } = readStoredTickets(evidence.files);
  const cards = new Set(reservations.map(({ reservationID }) => paymentInfoOf(reservationID)));
  const files = [...evidence.files, ...(await filesIn(folders.logs))];
  const violations = [
    ...histories.flatMap(({ workflowId, json }) =>
      cardNumbersIn(`the history of ${workflowId}`, withPayloadsDecoded(json), cards),
    ),
    ...files.flatMap(({ path, text }) => cardNumbersIn(path, text, cards)),
  ];
  for (const file of temporalFiles) {
    for await (const chunk of chunksOf(file)) {
      violations.push(...cardNumbersIn("Temporal's database", chunk, new Set()));
    }
  }
  return violations;
}

function orderEvidence(played: PlayedOrder, histories: readonly RunHistory[]): OrderEvidence {
  const { orderId, actions, returnedTicketIds } = played;
  const runs = histories
    .filter(({ workflowId }) => workflowId === orderId)
    .map(({ runId, facts }) => ({ runId, ...facts }))
    .sort((a, b) => a.startedAtMs - b.startedAtMs);
  // A terminated run may have started a watch without a trace of it in its own history.
  const startedWatches = histories.map(({ workflowId }) => workflowId).filter((id) => id.startsWith(`${orderId}:`));
  const watchIds = new Set([...runs.flatMap(({ children }) => children), ...startedWatches]);
  const watches = [...watchIds].map((workflowId) => ({
    workflowId,
    closing: histories
      .filter((history) => history.workflowId === workflowId)
      .sort((a, b) => a.facts.startedAtMs - b.facts.startedAtMs)
      .at(-1)?.facts.closing,
  }));
  const cancelledByClient = actions.some(({ action }) => action === 'cancel');
  return { orderId, cancelledByClient, returnedTicketIds, runs, watches };
}

function isClosed({ runs, watches }: OrderEvidence): boolean {
  return runs.at(-1)?.closing !== undefined && watches.every(({ closing }) => closing !== undefined);
}
