import type { TransferResult, TransferTerms } from '../../src/contracts/transfer.ts';
import type { Ending } from '../../src/starter/ending.ts';
import type { Submitted } from '../../src/starter/kind.ts';
import { endingLine } from '../../src/starter/lines.ts';
import { submitTransfer } from '../../src/starter/submit-transfer.ts';
import { transferKind } from '../../src/starter/transfer.ts';
import { followAll } from '../../testbed/follow.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import type { Stage } from '../../testbed/stage.ts';

/** Submits transfers that all have the same terms. */
export function submitTransfers(
  stage: Stage,
  count: number,
  terms: TransferTerms,
): Promise<readonly Submitted<TransferResult>[]> {
  const ids = Array.from({ length: count }, (_, index) => stage.transferId(index + 1));
  return Promise.all(ids.map((id) => submitTransfer(stage.client, stage.taskQueue, id, terms)));
}

/** Waits until all transfers have ended, shows the progress of those that are open, and prints how each ended. */
export async function followTransfers(
  stage: Stage,
  transfers: readonly Submitted<TransferResult>[],
  narrator: Narrator,
): Promise<readonly Ending<TransferResult>[]> {
  const ended = await followAll(stage, transferKind, transfers, narrator, (transfer, ending, width) =>
    narrator.line(endingLine(transferKind, transfer, ending, width)),
  );
  return ended.map(({ ending }) => ending);
}
