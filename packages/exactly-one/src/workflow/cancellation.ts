import { CancellationScope } from '@temporalio/workflow';

/** Whether a workflow has been asked to end. */
export interface Cancellation {
  /** Whether a cancellation was requested, in this run or in an earlier one of the chain. */
  readonly requested: () => boolean;
  readonly requestedInThisRun: () => boolean;
}

/**
 * Records whether a cancellation of the workflow is requested. Work that the request must not interrupt has to run in a
 * non-cancellable scope. Must be called in the workflow's own scope.
 * @param carried whether a cancellation was already requested in an earlier run of the chain
 */
export function watchForCancellation(carried: boolean): Cancellation {
  const scope = CancellationScope.current();
  // Not by its promise, which tells a moment later: a run that continues as new in that moment would forget the request.
  const requestedInThisRun = () => scope.consideredCancelled;
  return { requested: () => carried || requestedInThisRun(), requestedInThisRun };
}
