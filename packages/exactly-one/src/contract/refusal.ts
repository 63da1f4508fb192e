import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

/**
 * A refusal: a result of the business that ends what was asked for, such as a declined payment. It is not retried, and
 * Temporal counts and logs it as no error.
 */
export function refusal(message: string, type: string, details?: object): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type,
    nonRetryable: true,
    category: ApplicationFailureCategory.BENIGN,
    ...(details === undefined ? {} : { details: [details] }),
  });
}
