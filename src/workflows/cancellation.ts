import { CancellationScope } from '@temporalio/workflow';

export interface Cancellation {
  /** Whether a cancellation was requested, in this run or in an earlier one of the chain. */
  readonly requested: () => boolean;
  readonly requestedInThisRun: () => boolean;
}

/**
 * Records whether a cancellation of the workflow is requested. Work that the request must not interrupt has to run in a
 * non-cancellable scope.
 * @param carried whether a cancellation was already requested in an earlier run of the chain
 */
export function watchForCancellation(carried: boolean): Cancellation {
  let inThisRun = false;
  CancellationScope.current().cancelRequested.catch(() => {
    inThisRun = true;
  });
  return { requested: () => carried || inThisRun, requestedInThisRun: () => inThisRun };
}
