import type { OrderProgress } from '../contracts/order.ts';
import { colors } from '../platform/logging/colors.ts';
import type { OrderEnding } from './order-ending.ts';
import type { SubmissionResult } from './submit.ts';
import type { SubmittedOrder } from './submit-order.ts';

export const HOW: Readonly<Record<SubmissionResult, string>> = {
  started: '',
  resumed: 'resumed: an earlier run was closed without a result',
  'was running': 'was there: already running',
  'was completed': 'was there: already completed',
};

/** One line on how an order ended, for people. */
export function endingLine(order: Pick<SubmittedOrder, 'orderId' | 'how'>, ending: OrderEnding, width: number): string {
  const name = order.orderId.padEnd(width);
  if (ending.kind === 'no ticket') return `${colors.red('✗')} ${name}  no ticket  ${ending.error}`;
  const { ticketId, createAttempts, voidedTicketIds, cancellation } = ending.result;
  const remarks = [
    HOW[order.how],
    createAttempts === 0
      ? 'the ticket was there before'
      : createAttempts === 1
        ? '1 create'
        : `${createAttempts} creates`,
    voidedTicketIds.length === 0 ? '' : `${voidedTicketIds.length} voided`,
    cancellation === undefined ? '' : `the cancellation ${cancellation}`,
  ].filter((remark) => remark !== '');
  return `${colors.green('✓')} ${name}  ${colors.bold(ticketId)}  ${colors.dim(remarks.join(', '))}`;
}

/** One line on where an order stands, for people. */
export function progressLine(orderId: string, progress: OrderProgress | undefined, width: number): string {
  const name = orderId.padEnd(width);
  if (progress === undefined) return `${colors.yellow('…')} ${name}  ${colors.dim('no word from a worker yet')}`;
  const last = progress.outcomes.at(-1);
  const attempt = progress.createAttempts > 0 ? `, create ${progress.createAttempts}` : '';
  const outcome = last === undefined ? '' : colors.dim(`  last: ${last}`);
  return `${colors.yellow('…')} ${name}  ${progress.phase}${attempt}${outcome}`;
}
