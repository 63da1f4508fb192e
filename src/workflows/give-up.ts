import { ApplicationFailure } from '@temporalio/common';
import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import { failures } from '../contracts/failures.ts';
import { messages } from '../contracts/workflow-names.ts';

const giveUpSignal = defineSignal<[string]>(messages.giveUp);

/**
 * Waits until an operator gives the workflow up because its service is gone for good. Then fails it and records it as
 * unresolved: it is unknown whether a ticket exists.
 * @param subject what is given up, for the message: `order order-112358`
 * @param onGivenUp called with the operator's reason
 * @throws `GivenUp`
 */
export function untilGivenUp(subject: string, onGivenUp: (reason: string) => void): Promise<never> {
  let reason: string | undefined;
  setHandler(giveUpSignal, (given) => {
    reason = String(given);
  });
  return condition(() => reason !== undefined).then(() => {
    onGivenUp(reason ?? '');
    throw ApplicationFailure.nonRetryable(`${subject} was given up and is unresolved: ${reason}`, failures.givenUp, {
      unresolved: true,
      reason,
    });
  });
}
