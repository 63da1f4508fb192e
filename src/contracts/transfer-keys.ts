/**
 * The idempotency keys of a transfer, made of its workflow id and the step, never of a run or an attempt: whoever
 * resumes a transfer sends the same keys and learns what came of them.
 */
export function transferKeys(workflowId: string) {
  return {
    withdraw: `${workflowId}/withdraw`,
    /**
     * Of the one credit that may follow the withdrawal: the deposit at the destination or, when the transfer is
     * cancelled, its return to the source. One key for both, so that never both can happen.
     */
    credit: `${workflowId}/deposit`,
    /**
     * Of the refund after a deposit that was definitely rejected. A refund that is itself definitely rejected is
     * followed by another one, with the next key.
     * @param number 1 for the first
     */
    refund: (number: number) => `${workflowId}/refund${number === 1 ? '' : `-${number}`}`,
  };
}

export type TransferKeys = ReturnType<typeof transferKeys>;
