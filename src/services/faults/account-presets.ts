import { ACCOUNT_POINTS, type AccountPoint } from './account-points.ts';
import { HOSTILE_WRITE_SHARES, share } from './any-call.ts';
import { type FaultRule, rulesOfShares } from './fault-rules.ts';
import { likelihoodPresets } from './likelihood-presets.ts';

/** A gateway before a service that hangs gives up after this time. */
const GATEWAY_TIMEOUT_MS = 30_000;

/** The workshop's real world: half of all calls fail, all of them before they did anything. */
function workshop(): FaultRule<AccountPoint>[] {
  return rulesOfShares('account.before-commit', [share('timeout', 0.1, GATEWAY_TIMEOUT_MS), share('error-500', 0.4)]);
}

/** What the workshop's leaves out: some calls fail although they have moved the money. */
function realWorld(): FaultRule<AccountPoint>[] {
  const answerLost = [share('error-500', 0.15), share('connection-reset', 0.05)];
  return [...workshop(), ...rulesOfShares('account.after-commit', answerLost)];
}

/** Every point and every kind that is possible there. About half of the posts suffer something. */
function hostile(): FaultRule<AccountPoint>[] {
  return [
    ...rulesOfShares('account.before-commit', HOSTILE_WRITE_SHARES),
    ...rulesOfShares('account.after-commit', HOSTILE_WRITE_SHARES),
    ...rulesOfShares('account.deposit.reject', [share('error-4xx', 0.05)]),
  ];
}

/** The fault plans of the account API that have a name. */
export const ACCOUNT_PRESETS = {
  ...likelihoodPresets(ACCOUNT_POINTS),
  workshop: workshop(),
  'real-world': realWorld(),
  hostile: hostile(),
} as const;
