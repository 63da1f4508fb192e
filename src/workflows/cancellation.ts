import { CancellationScope } from '@temporalio/workflow';

export interface Cancellation {
  /** Whether this run, or an earlier one of the chain, was requested to cancel. */
  readonly requested: () => boolean;
  readonly requestedInThisRun: () => boolean;
}

/**
 * Records a request to cancel the workflow. For it to interrupt nothing, run the work in a non-cancellable scope.
 * @param carried whether an earlier run of the chain was already requested to cancel
 */
export function watchForCancellation(carried: boolean): Cancellation {
  let inThisRun = false;
  CancellationScope.current().cancelRequested.catch(() => {
    inThisRun = true;
  });
  return { requested: () => carried || inThisRun, requestedInThisRun: () => inThisRun };
}
