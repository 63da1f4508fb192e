import type { ResolutionRecord } from 'exactly-one';
import type { Claim, OrderResult } from '../contracts/order.ts';
import { clockText } from '../contracts/times.ts';
import { isResolutionRecord } from '../contracts/workflow-results.ts';
import type { Ending } from './ending.ts';
import type { Row } from './kind.ts';

/** What a person has said, if that is how an order ended. */
export function claimOf(ending: Ending<OrderResult> | undefined): Claim | undefined {
  if (ending?.kind === 'result') {
    const { ticketId, resolution } = ending.result;
    return resolution && { ticketId, ...recordOf(resolution) };
  }
  return ending?.code === 'RESOLVED_WITHOUT_TICKET' && isResolutionRecord(ending.details)
    ? { none: true, ...recordOf(ending.details) }
    : undefined;
}

/**
 * A claim in the status of an order: what was said, by whom and why.
 * @param lateWatch the status of its late watch, which checks a ticket
 */
export function claimRows(claim: Claim, lateWatch: string | undefined, nowMs: number): readonly Row[] {
  const what =
    'none' in claim
      ? 'none: a claim, not proof; nothing watches for a late ticket. Submit the order again to find out'
      : `${claim.ticketId}: a claim, not proof; the late watch ${checkText(lateWatch)}`;
  return [
    ['ticket', what],
    ['claimed by', `${claim.by}, ${clockText(claim.atMs, nowMs)}`],
    ['reason', claim.reason],
  ];
}

function checkText(lateWatch: string | undefined): string {
  if (lateWatch === 'completed') return 'found it live';
  return lateWatch === undefined || lateWatch === 'running' ? 'checks it' : 'did not confirm it';
}

/** Only what is documented: a newer workflow may have recorded more. */
function recordOf({ reason, by, atMs }: ResolutionRecord): ResolutionRecord {
  return { reason, by, atMs };
}
