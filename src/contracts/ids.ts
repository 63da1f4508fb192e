/** What stands as it is in file names, addresses, workflow ids and search attributes. */
const ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$';

/** What an order id may look like; it is a file name and a workflow id as it stands. */
export const ORDER_ID_PATTERN = ID_PATTERN;

/** Workflow ids of transfers begin so; an order id may not, or the two would meet. */
export const TRANSFER_ID_PREFIX = 'transfer-';

/** What an account may be called; it stands in an address, a workflow's search attributes and a journal. */
export const ACCOUNT_PATTERN = ID_PATTERN;

const idExpression = new RegExp(ID_PATTERN);

/** Says what is wrong with an order id, or nothing when it is right. */
export function orderIdProblem(orderId: unknown): string | undefined {
  const allowed =
    'an order id is 1 to 64 letters, digits, "_" or "-", begins with a letter or a digit' +
    ` and not with "${TRANSFER_ID_PREFIX}"`;
  if (typeof orderId !== 'string' || !idExpression.test(orderId) || orderId.startsWith(TRANSFER_ID_PREFIX)) {
    return `${JSON.stringify(orderId)} is no order id: ${allowed}, such as order-112358`;
  }
  return undefined;
}

/** Says what is wrong with a transfer id, or nothing when it is right. */
export function transferIdProblem(transferId: string): string | undefined {
  if (idExpression.test(transferId) && !transferId.startsWith(TRANSFER_ID_PREFIX)) return undefined;
  const allowed = `1 to 64 letters, digits, "_" or "-", beginning with a letter or a digit and not with "${TRANSFER_ID_PREFIX}"`;
  return `${JSON.stringify(transferId)} is no transfer id: ${allowed}, which is part of the workflow id`;
}
