import { type Check, isBoolean, isCount, isForeignId, isOptional, isRecordOf } from 'exactly-one/contract';
import { orderIdProblem, transferIdOf } from './ids.ts';
import type { CarriedOrder, OrderInput } from './order.ts';
import { quoted } from './secrets.ts';
import { type CarriedTransfer, readTerms, type TransferInput, type TransferTerms } from './transfer.ts';

/** The arguments of `processOrder`. The second one comes from the earlier run that this one continues. */
export type OrderArguments = [input: OrderInput, carried?: CarriedOrder];

/** The arguments of `transferMoney`. The second one comes from the earlier run that this one continues. */
export type TransferArguments = [input: TransferInput, carried?: CarriedTransfer];

/** What an order was started with. */
interface OrderStart {
  readonly input: OrderInput;
  readonly carried: CarriedOrder;
}

/** What a transfer was started with. */
export interface TransferStart {
  readonly transferId: string;
  readonly terms: TransferTerms;
  readonly input: TransferInput;
  readonly carried: CarriedTransfer;
}

/** The run that was started with the arguments. */
export interface StartedRun {
  readonly workflowId: string;
  /** Whether an earlier run has continued as this one. */
  readonly isContinued: boolean;
}

/**
 * Reads what `processOrder` was started with. Anybody who reaches the Temporal server can start it with anything.
 * @returns the arguments, or a sentence that says what was given and what is allowed
 */
export function readOrderArguments(given: OrderArguments, run: StartedRun): OrderStart | string {
  const [input, carried = {}] = given;
  const orderId = ownField(input, 'orderId');
  const problem = orderIdProblem(orderId);
  if (problem !== undefined) return problem;
  if (orderId !== run.workflowId) {
    const ids = `expected ${quoted(orderId)}, but it is ${quoted(run.workflowId)}`;
    return `the workflow id of an order must be its order id: ${ids}; submit orders with the starter`;
  }
  return (
    inputProblem(input, ['orderId', 'resumed']) ?? carriedProblem(given, run, isCarriedOrder) ?? { input, carried }
  );
}

/**
 * Reads what `transferMoney` was started with.
 * @returns the arguments, or a sentence that says what was given and what is allowed
 */
export function readTransferArguments(given: TransferArguments, run: StartedRun): TransferStart | string {
  const [input, carried = {}] = given;
  const transferId = transferIdOf(run.workflowId);
  if (transferId === undefined) {
    return `the workflow id of a transfer must be transfer-<id>, but it is ${quoted(run.workflowId)}`;
  }
  const terms = readTerms(Object(input));
  if (typeof terms === 'string') return terms;
  return (
    inputProblem(input, ['from', 'to', 'amount', 'resumed']) ??
    carriedProblem(given, run, isCarriedTransfer) ?? { transferId, terms, input, carried }
  );
}

/** A field that is misspelt is refused: without `resumed` an order would mean something else. */
function inputProblem(input: unknown, fields: readonly string[]): string | undefined {
  const isKnown = Object.keys(Object(input)).every((name) => fields.includes(name));
  if (isKnown && isOptional(isBoolean)(ownField(input, 'resumed'))) return undefined;
  const allowed = `the fields ${fields.join(', ')}, where resumed is true, false or missing`;
  return `${quoted(input)} is not a valid input: allowed are ${allowed}`;
}

/** Only an earlier run knows what to carry: from anybody else it would be a claim about creates or money. */
function carriedProblem(
  [, carried, ...more]: readonly unknown[],
  { isContinued }: StartedRun,
  isValid: Check,
): string | undefined {
  if (more.length > 0 || (carried !== undefined && !isContinued)) {
    const first = carried ?? more[0];
    return `the input must be the only argument, but there is another one: ${quoted(first)}`;
  }
  if (carried === undefined || isValid(carried)) return undefined;
  return `what the earlier run handed on is not valid: ${quoted(carried)}`;
}

function ownField(input: unknown, name: string): unknown {
  return Object.entries(Object(input)).find(([each]) => each === name)?.[1];
}

/** What the protocol carries is checked by the protocol. */
const isCarriedOrder = isRecordOf<CarriedOrder>({
  protocol: () => true,
  reservationId: isOptional(isForeignId),
  searchAttributes: isOptional(isBoolean),
});

const isCarriedTransfer = isRecordOf<CarriedTransfer>({
  cancelRequested: isOptional(isBoolean),
  refundNumber: isOptional(isCount),
});
