import { CancellationScope } from '@temporalio/workflow';

export interface Cancellation {
  readonly requested: () => boolean;
  readonly requestedInThisRun: () => boolean;
}

/**
 * Notes that the workflow is asked to be cancelled, without anything being cancelled by it.
 * @param carried an earlier run of the chain was asked already
 */
export function watchForCancellation(carried: boolean): Cancellation {
  let inThisRun = false;
  CancellationScope.current().cancelRequested.catch(() => {
    inThisRun = true;
  });
  return { requested: () => carried || inThisRun, requestedInThisRun: () => inThisRun };
}
