import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { paymentInfoOf } from '../../../src/services/ticket-system/vault.ts';
import type { PlayedOrder } from '../clients/play-order.ts';
import { cardNumbersIn, withPayloadsDecoded } from '../invariants/card-numbers.ts';
import type { Violation } from '../invariants/violation.ts';
import type { RoundFolders } from '../system/chaos-system.ts';
import { ENDS_WITHIN_MS, TIMINGS } from '../timings.ts';
import type { Evidence, OrderEvidence, StoredFile } from './evidence.ts';
import { filesIn, piecesOf } from './files.ts';
import { historiesOf, type KeptHistory } from './histories.ts';
import { readStoredTickets } from './stored-tickets.ts';

const LOOK_EVERY_MS = 300;

/** What a round has left behind, beside the evidence that is checked. */
export interface Collected {
  readonly evidence: Evidence;
  readonly histories: readonly KeptHistory[];
}

/**
 * Collects what the orders of a round have left behind, once nothing of them is open any more, or their time is up: what
 * is not over then is for the invariants to tell.
 * @param calmAtMs when all faults and stops were over
 */
export async function collectEvidence(round: {
  readonly client: Client;
  readonly prefix: string;
  readonly played: readonly PlayedOrder[];
  readonly folders: RoundFolders;
  readonly calmAtMs: number;
  readonly inFlight: () => Promise<number>;
}): Promise<Collected> {
  const { client, prefix, played, folders, calmAtMs } = round;
  const endsAtMs = calmAtMs + ENDS_WITHIN_MS;
  let { histories, orders } = await look();
  while (!orders.every(isClosed) && Date.now() < endsAtMs) {
    await pause(LOOK_EVERY_MS);
    ({ histories, orders } = await look());
  }
  let inFlight = await round.inFlight();
  while (inFlight > 0 && Date.now() < endsAtMs) {
    await pause(LOOK_EVERY_MS);
    inFlight = await round.inFlight();
  }
  const files = await filesIn(folders.database);
  return {
    evidence: { orders, files, calmAtMs, endsWithinMs: ENDS_WITHIN_MS, settleMs: TIMINGS.settleMs, inFlight },
    histories,
  };

  async function look() {
    const kept = await historiesOf(client, prefix);
    return { histories: kept, orders: played.map((order) => orderEvidence(order, kept)) };
  }
}

/** Looks for card numbers in all that is kept: histories, logs, the ticket system's files and Temporal's database. */
export async function searchForCards(
  { evidence, histories }: Collected,
  folders: RoundFolders,
  temporalFiles: readonly string[],
): Promise<readonly Violation[]> {
  const { reservations } = readStoredTickets(evidence.files);
  const cards = new Set(reservations.map(({ reservationID }) => paymentInfoOf(reservationID)));
  const whole: StoredFile[] = [...evidence.files, ...(await filesIn(folders.logs))];
  const violations = [
    ...histories.flatMap(({ workflowId, json }) =>
      cardNumbersIn(`the history of ${workflowId}`, withPayloadsDecoded(json), cards),
    ),
    ...whole.flatMap(({ path, text }) => cardNumbersIn(path, text, cards)),
  ];
  for (const file of temporalFiles) {
    for await (const piece of piecesOf(file)) {
      violations.push(...cardNumbersIn("Temporal's database", piece, new Set()));
    }
  }
  return violations;
}

function orderEvidence({ orderId, actions, answers }: PlayedOrder, histories: readonly KeptHistory[]): OrderEvidence {
  const runs = histories
    .filter(({ workflowId }) => workflowId === orderId)
    .map(({ runId, facts }) => ({ runId, ...facts }))
    .sort((a, b) => a.startedAtMs - b.startedAtMs);
  // A run that was terminated may not know that its watch has started.
  const others = histories.map(({ workflowId }) => workflowId).filter((id) => id.startsWith(`${orderId}:`));
  const watches = [...new Set([...runs.flatMap(({ children }) => children), ...others])].map((workflowId) => ({
    workflowId,
    closing: histories
      .filter((history) => history.workflowId === workflowId)
      .sort((a, b) => a.facts.startedAtMs - b.facts.startedAtMs)
      .at(-1)?.facts.closing,
  }));
  return { orderId, asked: { cancel: actions.some(({ action }) => action === 'cancel') }, answers, runs, watches };
}

function isClosed({ runs, watches }: OrderEvidence): boolean {
  return runs.at(-1)?.closing !== undefined && watches.every(({ closing }) => closing !== undefined);
}
