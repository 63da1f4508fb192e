import { hasCardNumber } from './card-numbers.ts';
import { quoted } from './secrets.ts';

/** Ids are used unchanged in file names, URLs, workflow ids and search attributes. */
const ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$';

const idExpression = new RegExp(ID_PATTERN);

/** An order id is also the order's workflow id and the name of its files. */
export const ORDER_ID_PATTERN = ID_PATTERN;

export const ACCOUNT_PATTERN = ID_PATTERN;

/** Prefix of a transfer's workflow id. An order id may not start with it, or the two could collide. */
export const TRANSFER_ID_PREFIX = 'transfer-';

const ALLOWED_ID = `1 to 64 letters, digits, "_" or "-", starting with a letter or a digit and not with "${TRANSFER_ID_PREFIX}", without a card number`;

/** @returns what is wrong with an order id, or undefined when it is valid */
export function orderIdProblem(orderId: unknown): string | undefined {
  if (typeof orderId === 'string' && isId(orderId)) return undefined;
  return `${quoted(orderId)} is not a valid order id: an order id is ${ALLOWED_ID}, for example order-112358`;
}

/** @returns what is wrong with a transfer id, or undefined when it is valid */
export function transferIdProblem(transferId: string): string | undefined {
  if (isId(transferId)) return undefined;
  return `${quoted(transferId)} is not a valid transfer id: a transfer id is ${ALLOWED_ID}, for example T-1`;
}

function isId(id: string): boolean {
  return idExpression.test(id) && !id.startsWith(TRANSFER_ID_PREFIX) && !hasCardNumber(id);
}

/** The workflow id of a transfer: `transfer-<id>`. */
export function transferWorkflowId(transferId: string): string {
  return `${TRANSFER_ID_PREFIX}${transferId}`;
}

/** The transfer id within a workflow id, or undefined when it is not the workflow id of a transfer. */
export function transferIdOf(workflowId: string): string | undefined {
  const transferId = workflowId.startsWith(TRANSFER_ID_PREFIX) ? workflowId.slice(TRANSFER_ID_PREFIX.length) : '';
  return transferIdProblem(transferId) === undefined ? transferId : undefined;
}

export type TransferKeys = ReturnType<typeof transferKeys>;

/**
 * The idempotency keys of a transfer. They depend on the workflow id and the step, never on a run or an attempt, so a
 * resumed transfer sends the same keys and receives the recorded responses.
 */
export function transferKeys(workflowId: string) {
  return {
    withdraw: `${workflowId}/withdraw`,
    /**
     * The credit that follows the withdrawal: either the deposit to the destination or, when the transfer is cancelled,
     * the return to the source. They share one key so that only one of them can happen.
     */
    credit: `${workflowId}/deposit`,
    /**
     * The refund after a definitely rejected deposit. If the refund is definitely rejected too, the next one uses the
     * next number.
     * @param number 1 for the first refund
     */
    refund: (number: number) => `${workflowId}/refund${number === 1 ? '' : `-${number}`}`,
  };
}
