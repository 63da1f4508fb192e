import { HOSTILE_SHARES, HOSTILE_WRITE_SHARES, share } from './any-call.ts';
import { type FaultRule, rulesOfShares } from './fault-rules.ts';
import { likelihoodPresets } from './likelihood-presets.ts';
import { TICKET_SYSTEM_POINTS, type TicketSystemPoint } from './ticket-system-points.ts';

/** Half of all calls fail before they did anything, as in the workshop, and some creates fail after their commit. */
function realWorld(): FaultRule<TicketSystemPoint>[] {
  const beforeTheEffect = [share('error-500', 0.4), share('timeout', 0.1)];
  const points = ['token', 'reservation', 'vault', 'create.before-commit', 'validate', 'void'] as const;
  return [
    ...points.flatMap((point) => rulesOfShares(point, beforeTheEffect)),
    ...rulesOfShares('create.after-commit', [share('error-500', 0.15), share('connection-reset', 0.05)]),
  ];
}

/**
 * Every point and every kind. About half of the creates suffer something; most other calls succeed. No 4xx comes before
 * a commit, since that would be a true rejection: one after the commit is the lie that an order has to see through.
 */
function hostile(): FaultRule<TicketSystemPoint>[] {
  return [
    ...rulesOfShares('token', HOSTILE_SHARES),
    ...rulesOfShares('reservation', HOSTILE_WRITE_SHARES),
    ...rulesOfShares('vault', [...HOSTILE_SHARES, share('malformed-json', 0.15)]),
    ...rulesOfShares(
      'create.before-commit',
      HOSTILE_WRITE_SHARES.filter(({ kind }) => kind !== 'error-4xx'),
    ),
    ...rulesOfShares('create.late-commit', [share('delay', 0.08, 1200), share('delay', 0.04, 2600)]),
    ...rulesOfShares('create.after-commit', HOSTILE_WRITE_SHARES),
    ...rulesOfShares('validate', [...HOSTILE_SHARES, share('stale-read', 0.08), share('too-many-files', 0.02)]),
    ...rulesOfShares('void', HOSTILE_WRITE_SHARES),
  ];
}

/** The fault plans of the ticket system that have a name. */
export const TICKET_SYSTEM_PRESETS = {
  ...likelihoodPresets(TICKET_SYSTEM_POINTS),
  'real-world': realWorld(),
  hostile: hostile(),
} as const;
