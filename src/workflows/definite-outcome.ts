import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { type BackOff, fullJitterMs } from 'exactly-one';
import type { MoneyMoved, RefusalDetails } from '../contracts/account-activities.ts';
import type { DefiniteRefusal } from '../contracts/account-api.ts';
import { failures } from '../contracts/failures.ts';

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

/**
 * The definite outcome of an activity that failed.
 * @throws any other failure
 */
export function outcomeOfFailure(error: unknown): Exclude<DefiniteOutcome, { kind: 'moved' }> {
  const failure = error instanceof ActivityFailure ? error.cause : undefined;
  if (failure instanceof ApplicationFailure) {
    // The failure type says which details there are.
    const [details] = (failure.details ?? []) as readonly RefusalDetails[];
    if (failure.type === failures.operationRefused && details !== undefined) {
      return { kind: 'refused', code: details.code };
    }
    if (failure.type === failures.idempotencyKeyReused) return { kind: 'key reused' };
  }
  throw error;
}

/** The failure of a transfer that cannot find out where the money is, or cannot return it. */
export function unresolved(problem: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `${problem}; the transfer is unresolved: check where the money is, then submit it again with its id to finish it`,
    failures.transferUnresolved,
    { code: 'TRANSFER_UNRESOLVED' },
  );
}
