import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { type BackOff, fullJitterMs } from 'exactly-one';
import type { MoneyMoved } from '../contracts/account-activities.ts';
import type { DefiniteRefusal } from '../contracts/account-api.ts';
import { isMoneyMoved, isRefusal } from '../contracts/activity-results.ts';
import { failures } from '../contracts/failures.ts';
import { type NotReported, notReported } from './not-reported.ts';

/** The definite outcome of an operation on an account. */
export type DefiniteOutcome =
  | { readonly kind: 'moved'; readonly moved: MoneyMoved }
  | DefiniteRefusalOutcome
  /** The key was used before, for a different operation. */
  | { readonly kind: 'key reused' };

/** It moved no money, and never will with this key. */
type DefiniteRefusalOutcome = { readonly kind: 'refused'; readonly code: DefiniteRefusal };

/** The pause between two contradictory refusals. */
const BACK_OFF: BackOff = { baseMs: 500, capMs: 10_000 };

/** So many refusals in a row may contradict each other: about two minutes. */
export const MAX_CONTRADICTIONS = 30;

/**
 * Repeats an operation until its outcome is definite. A refusal, or that the key was used before, is definite only when
 * a second request with the same key gets the same response: an operation whose outcome is unknown is never compensated.
 * @param operate sends the operation, with the same key each time
 * @throws `TransferUnresolved` if the responses keep contradicting each other
 */
export async function untilDefinite(
  operation: string,
  operate: () => Promise<DefiniteOutcome>,
  steps: {
    /** Called with each response that still has to be confirmed. */
    remark(text: string): void;
    sleep(ms: number): Promise<unknown>;
    random(): number;
  },
): Promise<DefiniteOutcome> {
  let previous: string | undefined;
  for (let round = 0; ; round += 1) {
    const outcome = await operate();
    if (outcome.kind === 'moved') return outcome;
    const response = outcome.kind === 'refused' ? `refused, ${outcome.code}` : outcome.kind;
    if (response === previous) return outcome;
    steps.remark(`${operation}: ${response}`);
    if (round === MAX_CONTRADICTIONS) {
      throw unresolved(`${operation}: the account API contradicts itself, lastly "${previous}" and then "${response}"`);
    }
    previous = response;
    if (round > 0) await steps.sleep(fullJitterMs(BACK_OFF, round, steps.random()));
  }
}

/** The outcome of an activity that completed. */
export function outcomeOfResult(result: unknown): DefiniteOutcome | NotReported {
  return isMoneyMoved(result) ? { kind: 'moved', moved: result } : notReported(result);
}

/**
 * The outcome of an activity that failed.
 * @throws any error that is not the failure of an activity
 */
export function outcomeOfFailure(error: unknown): Exclude<DefiniteOutcome, { kind: 'moved' }> | NotReported {
  if (!(error instanceof ActivityFailure)) throw error;
  const failure = error.cause;
  if (failure instanceof ApplicationFailure) {
    const [details] = failure.details ?? [];
    if (failure.type === failures.operationRefused && isRefusal(details)) {
      return { kind: 'refused', code: details.code };
    }
    if (failure.type === failures.idempotencyKeyReused) return { kind: 'key reused' };
  }
  return notReported(failure?.message ?? error.message);
}

/** The failure of a transfer that cannot find out where the money is, or cannot return it. */
export function unresolved(problem: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `${problem}; the transfer is unresolved: check where the money is, then submit it again with its id to finish it`,
    failures.transferUnresolved,
    { code: 'TRANSFER_UNRESOLVED' },
  );
}
