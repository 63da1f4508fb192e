import type { ListContext } from '../protocol/complete-response.ts';

/** The names of things in messages. */
export interface ClockWording {
  readonly service: string;
  /** The setting that allows clocks to differ. */
  readonly clockSkewMs: string;
}

/**
 * What a list that is newer than its request, or older, says about the clocks, to introduce a message. Empty when it is
 * neither.
 */
export function clockProblem(
  { requestedAtMs, receivedAtMs, clockSkewMs }: Pick<ListContext, 'requestedAtMs' | 'receivedAtMs' | 'clockSkewMs'>,
  asOfMs: number,
  wording: ClockWording,
): string {
  const aheadMs = asOfMs - receivedAtMs;
  const behindMs = requestedAtMs - asOfMs;
  const allowed = `${wording.clockSkewMs} allows ${seconds(clockSkewMs)}`;
  if (aheadMs > clockSkewMs) {
    return `the ${wording.service}'s clock is ${seconds(aheadMs)} ahead of this worker's, and ${allowed}: `;
  }
  if (behindMs > clockSkewMs) {
    return `an old list, or the ${wording.service}'s clock is ${seconds(behindMs)} behind this worker's, and ${allowed}: `;
  }
  return '';
}

function seconds(ms: number): string {
  return `${ms < 9_950 ? (ms / 1_000).toFixed(1) : Math.round(ms / 1_000)} s`;
}
