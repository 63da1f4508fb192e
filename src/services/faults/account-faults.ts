import { HOSTILE_WRITE_SHARES, likelihoodPresets } from './common-presets.ts';
import { type FaultPoints, type FaultRule, rulesOfShares, share, WRITE_KINDS } from './fault-rules.ts';

/**
 * Where the account API can fail, and how. Before the commit nothing has happened yet. Reads have this point too, but
 * they use no disk, so the errors of a disk do not affect them. After the commit only the response is lost or spoilt. A
 * rejected deposit is a definite refusal, 422 DEPOSIT_REJECTED, and stays one for its idempotency key. A refund, which
 * is a deposit with `Reverses`, is never rejected.
 */
export const ACCOUNT_POINTS = {
  'account.before-commit': WRITE_KINDS,
  'account.after-commit': WRITE_KINDS,
  'account.deposit.reject': ['error-4xx'],
} as const satisfies FaultPoints;

export type AccountPoint = keyof typeof ACCOUNT_POINTS;

/** The time after which a gateway in front of a hanging service responds itself. */
const GATEWAY_TIMEOUT_MS = 30_000;

/** The real world of the workshop: half of all calls fail, all of them before they have an effect. */
function workshop(): FaultRule<AccountPoint>[] {
  return rulesOfShares('account.before-commit', [share('timeout', 0.1, GATEWAY_TIMEOUT_MS), share('error-500', 0.4)]);
}

/** What the workshop leaves out: some calls fail although they have moved the money. */
function realWorld(): FaultRule<AccountPoint>[] {
  const responseLost = [share('error-500', 0.15), share('connection-reset', 0.05)];
  return [...workshop(), ...rulesOfShares('account.after-commit', responseLost)];
}

/** Every point and every possible kind. About half of the posts meet a fault. */
function hostile(): FaultRule<AccountPoint>[] {
  return [
    ...rulesOfShares('account.before-commit', HOSTILE_WRITE_SHARES),
    ...rulesOfShares('account.after-commit', HOSTILE_WRITE_SHARES),
    ...rulesOfShares('account.deposit.reject', [share('error-4xx', 0.05)]),
  ];
}

/** The named fault plans of the account API. */
export const ACCOUNT_PRESETS = {
  ...likelihoodPresets(ACCOUNT_POINTS),
  workshop: workshop(),
  'real-world': realWorld(),
  hostile: hostile(),
} as const;
