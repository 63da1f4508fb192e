import { setTimeout as pause } from 'node:timers/promises';
import type { OrderFunctions } from '../activities/exactly-one-activities.ts';
import { A_DURATION, A_FUNCTION, checkOptions, optional, type Rule } from '../contract/check-options.ts';
import type { HttpExchange } from '../http/http-outcomes.ts';
import type { Guarantee } from '../protocol/guarantee.ts';
import { callOf } from './function-bench.ts';

export interface FindGuaranteeOptions<Input, Exchange = HttpExchange> {
  /** Your functions for the service itself, or for a test system that behaves like it. */
  readonly functions: Pick<OrderFunctions<Input, Exchange>, 'create' | 'list'>;
  /** The input of the functions for an order. */
  input(orderId: string): Input;
  /** Returns the id of a new order. Items are really made for it. */
  newOrderId(): string;
  /** About as long as a create can be in flight, in milliseconds: the deadlines are spread over it. Default 2 000. */
  readonly inFlightMs?: number;
}

const RULES: Readonly<Record<string, Rule>> = {
  'functions.create': A_FUNCTION,
  'functions.list': A_FUNCTION,
  input: A_FUNCTION,
  newOrderId: A_FUNCTION,
  inFlightMs: optional(A_DURATION),
};

/** What the experiments found. They can refute a guarantee but not prove it, so ask the service's owner as well. */
export interface GuaranteeFindings {
  /** The strongest guarantee that was not refuted. */
  readonly guarantee: Guarantee;
  /** The same key gave the same item. */
  readonly keepsKeys: boolean;
  /** No item was made after the deadline of its create. */
  readonly keepsDeadlines: boolean;
}

/** How many creates are sent with deadlines that pass while the creates are in flight. */
const CREATES = 40;
const DEFAULT_IN_FLIGHT_MS = 2_000;
/** After this time no create should be in flight any more. */
const SETTLE_MS = 1_000;
/** How far the service's clock may be wrong. */
const CLOCK_SKEW_MS = 100;
const TIMEOUT_MS = 30_000;

/**
 * Sends 43 creates that a service with a guarantee must not all commit, and checks a second after the last response which
 * items exist. It voids nothing.
 */
export async function findGuarantee<Input, Exchange = HttpExchange>(
  options: FindGuaranteeOptions<Input, Exchange>,
): Promise<GuaranteeFindings> {
  checkOptions('findGuarantee', options, RULES, [...Object.keys(RULES), 'functions']);
  const { functions, input, newOrderId, inFlightMs = DEFAULT_IN_FLIGHT_MS } = options;
  // A create is sent whatever its deadline.
  const callWith = (orderId: string, deadlineMs: number) =>
    callOf(orderId, { guarantee: 'none' }, { timeoutMs: TIMEOUT_MS, deadlineMs });
  const create = (orderId: string, deadlineMs = Date.now() + TIMEOUT_MS) =>
    functions.create(input(orderId), callWith(orderId, deadlineMs));
  const itemsOf = async (orderId: string) =>
    (await functions.list(input(orderId), callWith(orderId, Date.now() + TIMEOUT_MS))).items;

  const sentAgain = newOrderId();
  await Promise.all([create(sentAgain), create(sentAgain)]);
  await create(sentAgain);

  const creates = Array.from({ length: CREATES }, (_, index) => {
    // The first deadlines have passed before their creates are sent.
    const deadlineMs = Date.now() + Math.round((index / CREATES - 0.1) * inFlightMs);
    return { orderId: newOrderId(), deadlineMs };
  });
  await Promise.all(creates.map(({ orderId, deadlineMs }) => create(orderId, deadlineMs)));
  await pause(SETTLE_MS);

  const keepsKeys = (await itemsOf(sentAgain)).length === 1;
  const late = await Promise.all(
    creates.map(async ({ orderId, deadlineMs }) =>
      (await itemsOf(orderId)).some(({ createdAtMs }) => createdAtMs > deadlineMs + CLOCK_SKEW_MS),
    ),
  );
  const keepsDeadlines = !late.includes(true);
  const guarantee = keepsDeadlines ? (keepsKeys ? 'idempotency-key' : 'deadline') : 'none';
  return { guarantee, keepsKeys, keepsDeadlines };
}
