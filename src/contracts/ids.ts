/** What an order id may look like; it is a file name and a workflow id as it stands. */
export const ORDER_ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$';

/** Workflow ids of transfers begin so; an order id may not, or the two would meet. */
export const TRANSFER_ID_PREFIX = 'transfer-';

/** What an account may be called; it stands in an address, a workflow's search attributes and a journal. */
export const ACCOUNT_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$';

const orderIdExpression = new RegExp(ORDER_ID_PATTERN);

/** Says what is wrong with an order id, or nothing when it is right. */
export function orderIdProblem(orderId: unknown): string | undefined {
  const allowed =
    'an order id is 1 to 64 letters, digits, "_" or "-", begins with a letter or a digit' +
    ` and not with "${TRANSFER_ID_PREFIX}"`;
  if (typeof orderId !== 'string' || !orderIdExpression.test(orderId) || orderId.startsWith(TRANSFER_ID_PREFIX)) {
    return `${JSON.stringify(orderId)} is no order id: ${allowed}, such as order-112358`;
  }
  return undefined;
}
