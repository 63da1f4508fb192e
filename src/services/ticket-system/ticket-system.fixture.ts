import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Guarantee } from 'exactly-one';
import { openRegularFile } from '../../platform/files/open-regular-file.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { waitUntil } from '../../platform/processes/wait-until.ts';
import { createFaultPlan } from '../faults/fault-plan.ts';
import type { FaultRule } from '../faults/fault-rules.ts';
import { TICKET_SYSTEM_PRESETS, type TicketSystemPoint } from '../faults/ticket-system-faults.ts';
import { createTicketSystem, type TicketSystemOptions } from './app.ts';

export const CARD = 'VISA-1234-5678-9012-2526';
export const MASKED_CARD = 'VISA-****-****-****-2526';

/** A unit test starts no process, and no other process knows its folder. */
const openLocked = openRegularFile;

type Headers = Readonly<Record<string, string>>;

/** A ticket system on a new database, with the requests that tests send to it. */
export async function startTicketSystem(options: Partial<TicketSystemOptions> = {}) {
  const databaseDir = options.databaseDir ?? (await mkdtemp(join(tmpdir(), 'ticket-system-')));
  const guarantee: Guarantee = options.guarantee ?? 'none';
  const faultPlan = createFaultPlan<TicketSystemPoint>(TICKET_SYSTEM_PRESETS, { seed: 1, preset: 'calm' });
  const logger = createLogger('ticket-system', 'silent');
  const app = await createTicketSystem({
    databaseDir,
    guarantee,
    tokenTtlMs: 60_000,
    faultPlan,
    logger,
    openLocked,
    ...options,
  });
  const token: string = (await app.inject({ method: 'POST', url: '/tokens' })).json().token;
  const authorization = `Bearer ${token}`;

  const get = (url: string) => app.inject({ url, headers: { authorization } });
  const post = (url: string, payload: object, headers: Headers = {}) =>
    app.inject({ method: 'POST', url, payload, headers: { authorization, ...headers } });

  return {
    app,
    databaseDir,
    authorization,
    get,
    post,
    /** From now on injects these faults into every call; without any, into none. */
    fault(...rules: readonly Omit<FaultRule<TicketSystemPoint>, 'probability'>[]) {
      faultPlan.choose({ seed: 1, rules: rules.map((rule) => ({ ...rule, probability: 1 })) });
    },
    async reserve(orderId: string): Promise<string> {
      return (await get(`/orders/${orderId}/reservation`)).json().reservationId;
    },
    create: (orderId: string, reservationId: string, headers: Headers = {}) =>
      post(`/orders/${orderId}/tickets`, { reservationId, paymentInfo: CARD }, headers),
    voidTicket: (orderId: string, ticketId: string, keep: string | null, headers: Headers = {}) =>
      post(`/orders/${orderId}/tickets/${ticketId}/void`, { keep }, headers),
    list: async (orderId: string) => (await get(`/orders/${orderId}/tickets`)).json(),
    audit: async () => (await app.inject('/audit')).json(),
    async stop() {
      await app.close();
      await rm(databaseDir, { recursive: true, force: true });
    },
  };
}

export type TicketSystemUnderTest = Awaited<ReturnType<typeof startTicketSystem>>;

/** The header of a deadline that is this far ahead. */
export function deadlineIn(ms: number): Headers {
  return { 'request-deadline': String(Date.now() + ms) };
}

/** Waits until a condition holds, for 30 s at most. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const what = `the condition ${condition}`;
  await waitUntil(condition, { what, timeoutMs: 30_000, everyMs: 10, retryable: () => false });
}
