import type { FaultKind, FaultShare } from './fault-rules.ts';

/** How the answer of any call can fail. */
export const RESPONSE_KINDS = [
  'error-500',
  'error-429',
  'error-4xx',
  'timeout',
  'connection-reset',
  'malformed-json',
  'delay',
] as const satisfies readonly FaultKind[];

/** How a call that writes to the disk can fail. */
export const WRITE_KINDS = [...RESPONSE_KINDS, 'disk-full', 'too-many-files'] as const satisfies readonly FaultKind[];

/** What any call may suffer in a preset `hostile`. */
export const HOSTILE_SHARES: readonly FaultShare[] = [
  share('error-500', 0.05),
  share('error-429', 0.03),
  share('error-4xx', 0.03),
  share('timeout', 0.01),
  share('connection-reset', 0.04),
  share('malformed-json', 0.03),
  share('delay', 0.05, 200),
];

/** What a call that writes may suffer beside. */
export const HOSTILE_WRITE_SHARES: readonly FaultShare[] = [
  ...HOSTILE_SHARES,
  share('disk-full', 0.02),
  share('too-many-files', 0.02),
];

export function share(kind: FaultKind, ofAllCalls: number, delayMs?: number): FaultShare {
  return { kind, share: ofAllCalls, ...(delayMs === undefined ? {} : { delayMs }) };
}
