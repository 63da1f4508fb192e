import type { ListContext } from 'exactly-one';
import { durationText } from '../contracts/times.ts';

/**
 * What a list that is newer than its request, or older, says about the clocks, to introduce a message. Empty when it is
 * neither.
 */
export function clockProblem(
  { requestedAtMs, receivedAtMs, clockSkewMs }: Pick<ListContext, 'requestedAtMs' | 'receivedAtMs' | 'clockSkewMs'>,
  asOfMs: number,
): string {
  const aheadMs = asOfMs - receivedAtMs;
  const behindMs = requestedAtMs - asOfMs;
  const allowed = `CLOCK_SKEW_MS allows ${durationText(clockSkewMs)}`;
  if (aheadMs > clockSkewMs) {
    return `the ticket system's clock is ${durationText(aheadMs)} ahead of this worker's, and ${allowed}: `;
  }
  if (behindMs > clockSkewMs) {
    return `an old list, or the ticket system's clock is ${durationText(behindMs)} behind this worker's, and ${allowed}: `;
  }
  return '';
}
