import { failures } from '../contracts/failures.ts';
import type { TransferResult } from '../contracts/transfer.ts';
import { type FailureReason, type FailureWords, failureReason } from './failure-reason.ts';
import type { TransferHandle } from './submit-transfer.ts';

/** How a transfer ended, or why nobody can say. */
export type TransferEnding =
  | { readonly kind: 'result'; readonly result: TransferResult }
  | ({ readonly kind: 'no result'; readonly transferId: string } & FailureReason<TransferCode>);

type TransferCode = 'TRANSFER_INVALID' | 'TRANSFER_REFUSED' | 'TRANSFER_ID_REUSED';

const WORDS: FailureWords<TransferCode> = {
  what: 'transfer',
  cancelled: 'the transfer was cancelled; nothing was moved',
  terminated: 'the transfer was terminated, nobody knows where the money is; submit it again with its id to finish it',
  codes: {
    [failures.transferInvalid]: 'TRANSFER_INVALID',
    [failures.transferRefused]: 'TRANSFER_REFUSED',
    [failures.transferIdReused]: 'TRANSFER_ID_REUSED',
  },
};

/** Waits for the end of a transfer. Never throws. */
export async function transferEndingOf(
  transferId: string,
  handle: Pick<TransferHandle, 'result'>,
): Promise<TransferEnding> {
  try {
    return { kind: 'result', result: await handle.result() };
  } catch (error) {
    return { kind: 'no result', transferId, ...failureReason(error, WORDS) };
  }
}
