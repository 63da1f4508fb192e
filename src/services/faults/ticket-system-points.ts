import { RESPONSE_KINDS, WRITE_KINDS } from './any-call.ts';
import type { FaultPoints } from './fault-rules.ts';

/**
 * Where the ticket system can fail, and how. Before a commit nothing has happened; a late commit waits before it takes
 * the order's lock and goes on when its client has gone; after a commit only the answer is lost.
 */
export const TICKET_SYSTEM_POINTS = {
  token: RESPONSE_KINDS,
  reservation: WRITE_KINDS,
  vault: RESPONSE_KINDS,
  'create.before-commit': WRITE_KINDS,
  'create.late-commit': ['delay'],
  'create.after-commit': WRITE_KINDS,
  validate: [...RESPONSE_KINDS, 'stale-read', 'too-many-files'],
  void: WRITE_KINDS,
} as const satisfies FaultPoints;

export type TicketSystemPoint = keyof typeof TICKET_SYSTEM_POINTS;
