import { counted } from '../../src/contracts/counted.ts';
import { decimalOf } from '../../src/contracts/money.ts';
import type { TransferResult, TransferTerms } from '../../src/contracts/transfer.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import type { Ending } from '../../src/starter/ending.ts';
import type { Submitted } from '../../src/starter/kind.ts';
import { endingLine } from '../../src/starter/lines.ts';
import { submitTransfer } from '../../src/starter/submit-transfer.ts';
import { transferKind } from '../../src/starter/transfer.ts';
import { followAll } from '../../testbed/follow.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import type { AccountApiOnStage, Stage } from '../../testbed/stage.ts';
import { stepsOf } from '../../testbed/transfer-audit.ts';

/** Submits transfers that all have the same terms. */
export async function submitTransfers(
  stage: Stage,
  count: number,
  terms: TransferTerms,
  narrator: Narrator,
): Promise<readonly Submitted<TransferResult>[]> {
  const ids = Array.from({ length: count }, (_, index) => stage.transferId(index + 1));
  const submitted = await Promise.all(ids.map((id) => submitTransfer(stage.client, stage.taskQueue, id, terms)));
  narrator.step(
    `submitted ${counted(count, 'transfer')} of ${decimalOf(terms.amountCents)} from ${terms.from} to ${terms.to}`,
  );
  return submitted;
}

/**
 * Waits until all transfers have ended, shows the progress of those that are open, and prints for each how its steps have
 * changed the balances, according to the journal of the account API. Other transfers change them at the same time.
 */
export async function followTransfers(
  stage: Stage,
  { journal }: AccountApiOnStage,
  transfers: readonly Submitted<TransferResult>[],
  narrator: Narrator,
): Promise<readonly Ending<TransferResult>[]> {
  const printing: Promise<void>[] = [];
  const print = async (transfer: Submitted<TransferResult>, ending: Ending<TransferResult>, width: number) => {
    const steps = await stepsOf(journal, transfer.id);
    const changes = steps.map(({ account, before, after }) => `${account} ${decimalOf(before)} → ${decimalOf(after)}`);
    narrator.line(
      ending.kind === 'result'
        ? `${colors.green('✓')} ${transfer.id.padEnd(width)}  ${ending.result.status}  ${changes.join(', ')}`
        : endingLine(transferKind, transfer, ending, width),
    );
  };
  const ended = await followAll(stage, transferKind, transfers, narrator, (transfer, ending, width) => {
    printing.push(print(transfer, ending, width));
  });
  await Promise.all(printing);
  return ended.map(({ ending }) => ending);
}
