import type { Check } from './violation.ts';

/** I3: no two creates were received with one `Request-Id`. */
export const requestIds: Check = (_evidence, { ledger }) => {
  const seen = new Set<string>();
  return ledger.flatMap((line) => {
    if (line.kind !== 'received') return [];
    const { orderID: orderId, requestID } = line;
    if (seen.has(requestID)) return [{ orderId, what: `two creates were received with the Request-Id ${requestID}` }];
    seen.add(requestID);
    return [];
  });
};
