import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Guarantee } from 'exactly-one';
import { createLogger } from '../../platform/logging/logger.ts';
import { createFaultPlan } from '../faults/fault-plan.ts';
import type { FaultRule } from '../faults/fault-rules.ts';
import type { TicketSystemPoint } from '../faults/ticket-system-points.ts';
import { TICKET_SYSTEM_PRESETS } from '../faults/ticket-system-presets.ts';
import { createTicketSystem, type TicketSystemOptions } from './app.ts';

export const CARD = 'VISA-1234-5678-9012-2526';
export const MASKED_CARD = 'VISA-****-****-****-2526';

type Headers = Readonly<Record<string, string>>;

/** A ticket system on a fresh database, with what a test asks of it. */
export async function startTicketSystem(options: Partial<TicketSystemOptions> = {}) {
  const databaseDir = options.databaseDir ?? (await mkdtemp(join(tmpdir(), 'ticket-system-')));
  const guarantee: Guarantee = options.guarantee ?? 'none';
  const faultPlan = createFaultPlan<TicketSystemPoint>(TICKET_SYSTEM_PRESETS, { seed: 1, preset: 'calm' });
  const logger = createLogger('ticket-system', 'silent');
  const app = await createTicketSystem({ databaseDir, guarantee, tokenTtlMs: 60_000, faultPlan, logger, ...options });
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
    /** Makes certain faults certain. */
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

/** A deadline that is some time ahead, as a header. */
export function deadlineIn(ms: number): Headers {
  return { 'request-deadline': String(Date.now() + ms) };
}

/** Waits, for 10 s at most, until something is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const givenUpAt = Date.now() + 30_000;
  while (!(await isSo())) {
    if (Date.now() > givenUpAt) throw new Error('it did not come to be so within 30 s');
    await sleep(10);
  }
}
