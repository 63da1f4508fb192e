import { decimalOf } from '../contracts/money.ts';
import type { BalancesCents, TransferProgress, TransferTerms } from '../contracts/transfer.ts';
import { colors } from '../platform/logging/colors.ts';
import { HOW } from './order-lines.ts';
import type { SubmittedTransfer } from './submit-transfer.ts';
import type { TransferEnding } from './transfer-ending.ts';

/** One line on how a transfer ended, for people. */
export function transferEndingLine(
  transfer: Pick<SubmittedTransfer, 'transferId' | 'how'>,
  ending: TransferEnding,
  width: number,
): string {
  const name = transfer.transferId.padEnd(width);
  if (ending.kind === 'no result') {
    return `${colors.red('✗')} ${name}  ${movedNothing(ending) ? 'not moved' : 'unknown'}  ${ending.error}`;
  }
  const { result } = ending;
  const mark = result.status === 'completed' ? colors.green('✓') : colors.yellow('↩');
  const remarks = [
    HOW[transfer.how],
    result.reason ?? '',
    result.cancellation === undefined ? '' : `the cancellation ${result.cancellation}`,
    balances(result),
  ].filter((remark) => remark !== '');
  return `${mark} ${name}  ${colors.bold(result.status)}  ${moved(result)}  ${colors.dim(remarks.join(', '))}`;
}

/** One line on where a transfer stands, for people. */
export function transferProgressLine(
  transferId: string,
  progress: TransferProgress | undefined,
  width: number,
): string {
  const name = transferId.padEnd(width);
  if (progress === undefined) return `${colors.yellow('…')} ${name}  ${colors.dim('no word from a worker yet')}`;
  const last = progress.remarks.at(-1);
  return `${colors.yellow('…')} ${name}  ${progress.currentStep ?? 'between steps'}${last === undefined ? '' : colors.dim(`  last: ${last}`)}`;
}

/** All other ends without a result leave open where the money is. */
function movedNothing({ code }: Extract<TransferEnding, { kind: 'no result' }>): boolean {
  return ['TRANSFER_INVALID', 'TRANSFER_REFUSED', 'TRANSFER_ID_REUSED', 'CANCELLED'].includes(code);
}

function moved({ from, to, amountCents }: TransferTerms): string {
  return `${decimalOf(amountCents)} from ${from} to ${to}`;
}

function balances({
  from,
  to,
  startingBalancesCents: before,
  finalBalancesCents: after,
}: TransferTerms & { startingBalancesCents: BalancesCents; finalBalancesCents: BalancesCents }): string {
  const text = (cents: number | null) => (cents === null ? 'unknown' : decimalOf(cents));
  return `${from} ${text(before.from)} → ${text(after.from)}, ${to} ${text(before.to)} → ${text(after.to)}`;
}
