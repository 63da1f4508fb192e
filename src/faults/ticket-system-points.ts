import type { FaultKind, FaultPoints } from './fault-rules.ts';

const ANSWERS = [
  'error-500',
  'error-429',
  'error-4xx',
  'timeout',
  'connection-reset',
  'malformed-json',
  'delay',
] as const;
const WRITES = [...ANSWERS, 'disk-full', 'too-many-files'] as const satisfies readonly FaultKind[];

/**
 * Where the ticket system can fail, and how. Before a commit nothing has happened; a late commit waits before it takes
 * the order's lock and goes on when its client has gone; after a commit only the answer is lost.
 */
export const TICKET_SYSTEM_POINTS = {
  token: ANSWERS,
  reservation: WRITES,
  vault: ANSWERS,
  'create.before-commit': WRITES,
  'create.late-commit': ['delay'],
  'create.after-commit': WRITES,
  validate: [...ANSWERS, 'stale-read', 'too-many-files'],
  void: WRITES,
} as const satisfies FaultPoints;

export type TicketSystemPoint = keyof typeof TICKET_SYSTEM_POINTS;
