import { HOSTILE_SHARES, HOSTILE_WRITE_SHARES, likelihoodPresets } from './common-presets.ts';
import { type FaultPoints, type FaultRule, RESPONSE_KINDS, rulesOfShares, share, WRITE_KINDS } from './fault-rules.ts';

/**
 * Where the ticket system can fail, and how. Before a commit nothing has happened yet. A late commit waits before it
 * takes the lock of the order, and continues after its client has gone; or it is accepted at once and finished later,
 * as it must be within `ACCEPT_WITHIN_MS` where there is a guarantee. After a commit only the response is lost.
 */
export const TICKET_SYSTEM_POINTS = {
  token: RESPONSE_KINDS,
  reservation: WRITE_KINDS,
  vault: RESPONSE_KINDS,
  'create.before-commit': WRITE_KINDS,
  'create.late-commit': ['delay', 'accept-later'],
  'create.after-commit': WRITE_KINDS,
  validate: [...RESPONSE_KINDS, 'stale-read', 'too-many-files'],
  void: WRITE_KINDS,
} as const satisfies FaultPoints;

export type TicketSystemPoint = keyof typeof TICKET_SYSTEM_POINTS;

/** Half of all calls fail before they have an effect, as in the workshop, and some creates fail after their commit. */
function realWorld(): FaultRule<TicketSystemPoint>[] {
  const beforeTheEffect = [share('error-500', 0.4), share('timeout', 0.1)];
  const points = ['token', 'reservation', 'vault', 'create.before-commit', 'validate', 'void'] as const;
  return [
    ...points.flatMap((point) => rulesOfShares(point, beforeTheEffect)),
    ...rulesOfShares('create.after-commit', [share('error-500', 0.15), share('connection-reset', 0.05)]),
  ];
}

/**
 * Every point and every kind. About half of the creates meet a fault; most other calls succeed. There is no 4xx before a
 * commit, since that would be a true rejection. After the commit it is a lie, which an order has to see through.
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
    ...rulesOfShares('create.late-commit', [
      share('delay', 0.08, 1200),
      share('delay', 0.04, 2600),
      share('accept-later', 0.06, 700),
    ]),
    ...rulesOfShares('create.after-commit', HOSTILE_WRITE_SHARES),
    ...rulesOfShares('validate', [...HOSTILE_SHARES, share('stale-read', 0.08), share('too-many-files', 0.02)]),
    ...rulesOfShares('void', HOSTILE_WRITE_SHARES),
  ];
}

/**
 * Each ticket exists for four and a half seconds before its create is answered: time to kill a worker, and less than a
 * create may take.
 */
function slowCreate(): FaultRule<TicketSystemPoint>[] {
  return rulesOfShares('create.after-commit', [share('delay', 1, 4_500)]);
}

/** Almost all creates fail, half of them before a ticket exists and half of them after; the failure does not tell which. */
function failingCreate(): FaultRule<TicketSystemPoint>[] {
  return [
    ...rulesOfShares('create.before-commit', [share('error-500', 0.5)]),
    ...rulesOfShares('create.after-commit', [share('connection-reset', 0.9)]),
  ];
}

/** The named fault plans of the ticket system. */
export const TICKET_SYSTEM_PRESETS = {
  ...likelihoodPresets(TICKET_SYSTEM_POINTS),
  'slow-create': slowCreate(),
  'failing-create': failingCreate(),
  'real-world': realWorld(),
  hostile: hostile(),
} as const;
