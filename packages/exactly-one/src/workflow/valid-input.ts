import { ApplicationFailure } from '@temporalio/common';
import { failures, type Mask, quoted } from '../contract/index.ts';

/**
 * Checks what a workflow was started with. Anybody who reaches the Temporal server can start it with anything, and any
 * other error would fail its task, again and again.
 * @param mask replaces what must not be seen in the failure, which quotes the input; default: nothing
 * @throws `InputInvalid`
 */
export function validInput<Input>(given: unknown, isValid: (given: unknown) => given is Input, mask?: Mask): Input {
  if (isValid(given)) return given;
  throw ApplicationFailure.nonRetryable(`the input is not valid: ${quoted(given, mask)}`, failures.inputInvalid);
}
