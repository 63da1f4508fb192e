import { ApplicationFailure } from '@temporalio/common';
import { condition, defineSignal, log, setHandler } from '@temporalio/workflow';
import { beginning, failures, type Mask, messages, quoted } from '../contract/index.ts';

/** Anybody who reaches the Temporal server can send anything. */
const giveUpSignal = defineSignal<unknown[]>(messages.giveUp);

/** The most characters of a reason that are kept. */
const MAX_REASON_LENGTH = 1_000;

/** So many signals without a reason are logged, of each run. */
const MAX_LOGGED = 20;

/**
 * Waits until an operator gives the workflow up because its service is gone for good. Then fails it and records it as
 * unresolved: it is unknown whether an item exists. A signal without a reason is ignored.
 * @param subject what is given up, for the message: `order order-112358`
 * @param onGivenUp called with the operator's reason
 * @param mask replaces what must not be seen in the reason; default: nothing
 * @throws `GivenUp`
 */
export function untilGivenUp(
  subject: string,
  onGivenUp: (reason: string) => void,
  mask: Mask | undefined,
): Promise<never> {
  let reason: string | undefined;
  let ignored = 0;
  setHandler(giveUpSignal, (given) => {
    if (reason !== undefined) return;
    if (typeof given === 'string' && given.trim() !== '') {
      reason = beginning(given, MAX_REASON_LENGTH, mask);
      return;
    }
    ignored += 1;
    if (ignored > MAX_LOGGED) return;
    const problem = 'ignored a signal to give up: its one argument must be a reason, a text';
    log.warn(problem, { given: quoted(given, mask) });
  });
  return condition(() => reason !== undefined).then(() => {
    onGivenUp(reason ?? '');
    throw ApplicationFailure.nonRetryable(`${subject} was given up and is unresolved: ${reason}`, failures.givenUp, {
      unresolved: true,
      reason,
    });
  });
}
