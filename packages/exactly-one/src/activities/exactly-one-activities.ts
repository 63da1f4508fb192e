import type { CreateActivityRequest, OrderActivities } from '../contract/activity-contract.ts';
import { A_FUNCTION, checkOptions, optional, type Rule } from '../contract/check-options.ts';
import { isBoolean } from '../contract/shapes.ts';
import type { HttpExchange } from '../http/http-outcomes.ts';
import type { ListedItem } from '../protocol/complete-response.ts';
import type { VoidResult } from '../protocol/items.ts';
import type { Call, CreateCall, VoidCall } from './call.ts';
import { type Clocks, SYSTEM_CLOCKS } from './clocks.ts';
import { type CreateReport, createItem, type OutcomeTable, type ReportedOutcome } from './create-item.ts';
import { type Listed, listItems } from './list-items.ts';
import { voidItem } from './void-item.ts';

/**
 * The three functions that call a service, and what is known about it.
 * @template Input the input of the workflow's activities, as it stands in histories
 * @template Exchange what a create reports
 */
export interface OrderFunctions<Input, Exchange = HttpExchange> {
  /**
   * Sends one request, once, without a retry of any layer, and reports what was exchanged. It draws no conclusion.
   * @throws NotSent if it is certain that nothing left the worker. After any other error the outcome is unknown.
   */
  create(input: Input, call: CreateCall): Promise<Exchange & CreateReport>;
  /**
   * All items of an order, voided ones too, from the system that creates commit to, and when it read them.
   * @throws in every other case: an error, a 404 or a part of the list is never an empty list
   */
  list(input: Input, call: Call): Promise<Listed>;
  /**
   * Takes an item out of circulation, visibly in the list, if `keep` is live; null: the order is being cancelled. Voiding
   * again must do no harm. Required for a service with guarantee `none`.
   * @returns the item as the service shows it now, which must be voided; or `voided`, when the service has confirmed it;
   *   or `keeper-not-live` if the item to keep is not live, so that nothing was voided
   * @throws in every other case: it is repeated
   */
  void?(input: Input, itemId: string, keep: string | null, call: VoidCall): Promise<VoidResult | ListedItem>;
  /**
   * For a service that cannot void on the condition that another item is live: the items are listed before each void, and
   * `void` is called only if the item to keep is live. That suffices while nobody else voids. Default false: `void`
   * checks its keeper itself.
   */
  readonly listBeforeVoid?: boolean;
  /** Says what came of a create: `httpOutcomes`, or a table of your own. */
  readonly outcomes: OutcomeTable<Exchange>;
  /** For a service with reservations: the one that every item of an order must have. */
  reservationId?(input: Input): string;
  /** Called with the outcome of each create, to log or to count it. */
  onOutcome?(outcome: ReportedOutcome, request: CreateActivityRequest): void;
  /** The names of things in messages; default `item`, `service`, `clockSkewMs`. */
  readonly wording?: Partial<Wording>;
  /** Default: those of the system. */
  readonly clocks?: Partial<Clocks>;
}

/** The names of things in messages. */
export interface Wording {
  readonly item: string;
  readonly service: string;
  /** The setting that says by how much clocks may differ. */
  readonly clockSkewMs: string;
}

const RULES: Readonly<Record<string, Rule>> = {
  create: A_FUNCTION,
  list: A_FUNCTION,
  void: optional(A_FUNCTION),
  'outcomes.classify': A_FUNCTION,
  reservationId: optional(A_FUNCTION),
  onOutcome: optional(A_FUNCTION),
  listBeforeVoid: optional({ isValid: isBoolean, allowed: 'true or false' }),
};

const OPTIONS: Readonly<Record<keyof OrderFunctions<unknown>, true>> = {
  create: true,
  list: true,
  void: true,
  outcomes: true,
  listBeforeVoid: true,
  reservationId: true,
  onOutcome: true,
  wording: true,
  clocks: true,
};

const WORDING: Wording = { item: 'item', service: 'service', clockSkewMs: 'clockSkewMs' };

/**
 * Turns three functions into the activities of `exactlyOne`. Register them under the names that the workflow gives.
 *
 * `create` calls its function at most once, never after the deadline, and reports the outcome. `list` accepts only a
 * complete response: about this very order, fresh, and lacking nothing seen before. `void` may be repeated.
 * @throws TypeError when an option is missing, of the wrong type, or unknown
 */
export function exactlyOneActivities<Input, Exchange = HttpExchange>(
  functions: OrderFunctions<Input, Exchange>,
): OrderActivities<Input> {
  checkOptions('exactlyOneActivities', functions, RULES, Object.keys(OPTIONS));
  const { create, list, outcomes, reservationId, listBeforeVoid = false, onOutcome = () => undefined } = functions;
  const wording = { ...WORDING, ...functions.wording };
  const clocks = { ...SYSTEM_CLOCKS, ...functions.clocks };
  const referenceOf = (input: Input, orderId: string) => ({
    orderId,
    ...(reservationId === undefined ? {} : { reservationId: reservationId(input) }),
  });
  return {
    create: createItem<Input, Exchange>({ create, outcomes, referenceOf, onOutcome, clocks }),
    list: listItems<Input>({ list, referenceOf, wording, clocks }),
    void: voidItem<Input>({ void: functions.void ?? cannotVoid, ...(listBeforeVoid ? { list } : {}), clocks }),
  };
}

async function cannotVoid(): Promise<never> {
  throw new Error('an item must be voided, but exactlyOneActivities was given no function `void`');
}
