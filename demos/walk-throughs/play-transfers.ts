import { transferWorkflowId } from '../../src/contracts/ids.ts';
import type { TransferProgress, TransferTerms } from '../../src/contracts/transfer.ts';
import { messages } from '../../src/contracts/workflow-names.ts';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { queryWithin } from '../../src/starter/query-within.ts';
import { type SubmittedTransfer, submitTransfer } from '../../src/starter/submit-transfer.ts';
import { type TransferEnding, transferEndingOf } from '../../src/starter/transfer-ending.ts';
import { transferEndingLine, transferProgressLine } from '../../src/starter/transfer-lines.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import type { Stage } from '../../testbed/stage.ts';

const END_WITHIN_MS = 300_000;
const LOOK_EVERY_MS = 400;

/** Submits so many transfers with the same terms. */
export function submitTransfers(
  stage: Stage,
  count: number,
  terms: TransferTerms,
): Promise<readonly SubmittedTransfer[]> {
  const ids = Array.from({ length: count }, (_, index) => stage.transferId(index + 1));
  return Promise.all(ids.map((id) => submitTransfer(stage.client, stage.taskQueue, id, terms)));
}

/**
 * Waits until every transfer has ended, showing where each stands, and prints a line of each.
 * @throws Error when they have not within five minutes
 */
export async function followTransfers(
  { client }: Stage,
  transfers: readonly SubmittedTransfer[],
  narrator: Narrator,
): Promise<readonly TransferEnding[]> {
  const open = new Set(transfers.map(({ transferId }) => transferId));
  const width = Math.max(...transfers.map(({ transferId }) => transferId.length));
  const endings = Promise.all(
    transfers.map(async (transfer) => {
      const ending = await transferEndingOf(transfer.transferId, transfer.handle);
      open.delete(transfer.transferId);
      narrator.line(transferEndingLine(transfer, ending, width));
      return ending;
    }),
  );
  await waitUntil(
    async () => {
      const shown = [...open].slice(0, 20);
      narrator.show(
        await Promise.all(
          shown.map(async (id) => {
            const progress = await queryWithin<TransferProgress>(
              client,
              transferWorkflowId(id),
              messages.transferProgress,
            );
            return transferProgressLine(id, progress, width);
          }),
        ),
      );
      return open.size === 0;
    },
    { what: `the end of ${transfers.length} transfers`, timeoutMs: END_WITHIN_MS, everyMs: LOOK_EVERY_MS },
  );
  narrator.show([]);
  return endings;
}
