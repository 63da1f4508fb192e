import type { TransferResult, TransferTerms } from '../../src/contracts/transfer.ts';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { type Ending, endingOf } from '../../src/starter/ending.ts';
import type { Submitted } from '../../src/starter/kind.ts';
import { endingLine, progressLine } from '../../src/starter/lines.ts';
import { progressOf } from '../../src/starter/progress.ts';
import { submitTransfer } from '../../src/starter/submit-transfer.ts';
import { transferKind } from '../../src/starter/transfer.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import type { Stage } from '../../testbed/stage.ts';

const END_WITHIN_MS = 300_000;
const LOOK_EVERY_MS = 400;

/** Submits so many transfers with the same terms. */
export function submitTransfers(
  stage: Stage,
  count: number,
  terms: TransferTerms,
): Promise<readonly Submitted<TransferResult>[]> {
  const ids = Array.from({ length: count }, (_, index) => stage.transferId(index + 1));
  return Promise.all(ids.map((id) => submitTransfer(stage.client, stage.taskQueue, id, terms)));
}

/**
 * Waits until every transfer has ended, showing where each stands, and prints a line of each.
 * @throws Error when they have not within five minutes
 */
export async function followTransfers(
  { client }: Stage,
  transfers: readonly Submitted<TransferResult>[],
  narrator: Narrator,
): Promise<readonly Ending<TransferResult>[]> {
  const open = new Set(transfers.map(({ id }) => id));
  const width = Math.max(...transfers.map(({ id }) => id.length));
  const endings = Promise.all(
    transfers.map(async (transfer) => {
      const ending = await endingOf(transferKind, transfer.handle);
      open.delete(transfer.id);
      narrator.line(endingLine(transferKind, transfer, ending, width));
      return ending;
    }),
  );
  await waitUntil(
    async () => {
      const shown = [...open].slice(0, 20);
      narrator.show(
        await Promise.all(
          shown.map(async (id) => progressLine(transferKind, id, await progressOf(client, transferKind, id), width)),
        ),
      );
      return open.size === 0;
    },
    { what: `the end of ${transfers.length} transfers`, timeoutMs: END_WITHIN_MS, everyMs: LOOK_EVERY_MS },
  );
  narrator.show([]);
  return endings;
}
