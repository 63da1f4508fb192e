import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createTicketSystemClient } from '../../src/clients/ticket-system.ts';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { type Column, textTable } from '../../src/platform/terminal/text-table.ts';
import type { LedgerRecord, ReservationRecord, TicketRecord } from '../../src/services/ticket-system/records.ts';
import { count } from '../../testbed/number-text.ts';
import { percentile } from '../../testbed/percentile.ts';
import { startService } from '../../testbed/processes.ts';
import { withTemporaryFolder } from '../../testbed/temporary-folder.ts';
import type { Progress } from './progress.ts';

const TIMEOUT_MS = 10_000;
const WRITTEN_AT_ONCE = 50;
/** Checks of one ticket system before the next one's turn. */
const BLOCK = 50;
const AT = '2026-01-01T00:00:00.000Z';

/** What a check costs with so many tickets on disk. */
export interface CheckCost {
  readonly tickets: number;
  /** From the start of the ticket system until it listens, in milliseconds. */
  readonly readyMs: number;
  readonly checks: number;
  /** Of a check, with its connection, in milliseconds. */
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/**
 * Measures the request that lists the tickets of an order, as the worker sends it, on ticket systems of different sizes
 * in alternation.
 * @param sizes the tickets on disk, one for each order
 * @param checks how many requests for each size
 */
export async function measureChecks(
  sizes: readonly number[],
  checks: number,
  { narrator, signal }: Progress,
): Promise<readonly CheckCost[]> {
  return withTemporaryFolder(async (folder) => {
    const systems = [];
    try {
      for (const tickets of sizes) {
        signal.throwIfAborted();
        const databaseDir = path.join(folder, String(tickets));
        await narrator.during(`writing ${count(tickets)} tickets`, writeTickets(databaseDir, tickets));
        systems.push(await startSystem(databaseDir, tickets));
        narrator.step(`a ticket system with ${count(tickets)} tickets listens`);
      }
      for (let done = 0; done < checks; done += BLOCK) {
        // Each goes first, in turn.
        for (const system of done % (2 * BLOCK) === 0 ? systems : systems.toReversed()) {
          signal.throwIfAborted();
          await system.check(done, Math.min(BLOCK, checks - done));
        }
      }
      return systems.map(({ tickets, readyMs, tookMs }) => ({
        tickets,
        readyMs,
        checks: tookMs.length,
        p50Ms: percentile(tookMs, 0.5),
        p95Ms: percentile(tookMs, 0.95),
      }));
    } finally {
      await Promise.all(systems.map(({ stop }) => stop()));
    }
  });
}

async function startSystem(databaseDir: string, tickets: number) {
  const startedAt = performance.now();
  const { child, url } = await startService({
    service: 'ticket system',
    env: { ...MINIMAL_ENVIRONMENT, DATABASE_DIR: databaseDir, TOKEN_TTL_MS: '3600000', LOG_LEVEL: 'warn' },
  });
  const readyMs = performance.now() - startedAt;
  const client = createTicketSystemClient({ baseUrl: url });
  const { token } = await client.createToken({ timeoutMs: TIMEOUT_MS });
  const tookMs: number[] = [];
  return {
    tickets,
    readyMs,
    tookMs,
    async check(from: number, checks: number) {
      for (let index = from; index < from + checks; index += 1) {
        const startedAt = performance.now();
        // Spread over the whole database.
        const orderId = orderIdOf((index * 7_919) % tickets);
        const { items } = await client.listTickets(orderId, { timeoutMs: TIMEOUT_MS, token });
        if (items.length !== 1) throw new Error(`${orderId} has ${items.length} tickets`);
        tookMs.push(performance.now() - startedAt);
      }
    },
    stop: () => child.stop(TIMEOUT_MS),
  };
}

/** The files and the ledger of a ticket system in which each order has one ticket. */
async function writeTickets(databaseDir: string, tickets: number): Promise<void> {
  await mkdir(path.join(databaseDir, 'reservations'), { recursive: true, mode: 0o700 });
  for (let from = 0; from < tickets; from += WRITTEN_AT_ONCE) {
    const indexes = Array.from({ length: Math.min(WRITTEN_AT_ONCE, tickets - from) }, (_, index) => from + index);
    await Promise.all(indexes.map((index) => writeTicket(databaseDir, index)));
    const lines = indexes.flatMap(linesOf).map((line) => `${JSON.stringify(line)}\n`);
    await appendFile(path.join(databaseDir, 'ledger.jsonl'), lines.join(''), { mode: 0o600 });
  }
}

async function writeTicket(databaseDir: string, index: number): Promise<void> {
  const orderID = orderIdOf(index);
  const reservationID = `R-${index}`;
  const reservation: ReservationRecord = { orderID, reservationID, guarantee: 'none' };
  const ticket: TicketRecord = {
    ...idsOf(index),
    reservationID,
    paymentInfo: 'VISA-****-****-****-2526',
    createdAt: AT,
  };
  const folder = path.join(databaseDir, 'tickets', orderID);
  const options = { mode: 0o600 };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(path.join(databaseDir, 'reservations', `${orderID}.json`), JSON.stringify(reservation), options);
  await writeFile(path.join(folder, `${reservationID}-${ticket.ticketID}.json`), JSON.stringify(ticket), options);
}

function linesOf(index: number): readonly LedgerRecord[] {
  const { orderID, requestID, ticketID } = idsOf(index);
  return [
    { kind: 'received', at: AT, orderID, requestID },
    { kind: 'committed', at: AT, orderID, requestID, ticketID },
  ];
}

function idsOf(index: number) {
  return { orderID: orderIdOf(index), ticketID: `TICKET-${index}`, requestID: `create-${index}` };
}

function orderIdOf(index: number): string {
  return `order-${index}`;
}

export function checksReport(costs: readonly CheckCost[]): readonly string[] {
  const right = (title: string): Column => ({ title, align: 'right' });
  const rows = costs.map(({ tickets, readyMs, checks, p50Ms, p95Ms }) => [
    count(tickets),
    `${(readyMs / 1_000).toFixed(1)} s`,
    count(checks),
    `${p50Ms.toFixed(1)} ms`,
    `${p95Ms.toFixed(1)} ms`,
  ]);
  return ['', ...textTable(['tickets', 'ready', 'checks', 'p50', 'p95'].map(right), rows)];
}
