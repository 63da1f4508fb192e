import type { OrderEvidence, RunEvidence } from '../evidence/evidence.ts';
import { type Check, lastRun } from './violation.ts';

/** An order ends as what was done to it allows, and a completed one is never run again. */
export const expectedEnding: Check = ({ orders }) =>
  orders.flatMap((order) => {
    const { orderId, runs, watches } = order;
    const wrong = [
      endingProblem(order),
      ...runs.slice(0, -1).map(({ runId, closing }) => {
        return closing?.as === 'completed' ? `run ${runId} was completed, and another one followed` : undefined;
      }),
      ...runs.slice(1).map(({ runId, resumed }, index) => {
        const goesOn = runs[index]?.closing?.as === 'continued as new';
        return resumed || goesOn ? undefined : `run ${runId} follows another one and was not told so`;
      }),
      ...watches.map(({ workflowId, closing }) => {
        const as = closing?.as ?? 'completed';
        return as === 'completed' ? undefined : `its watch ${workflowId} is ${as}, ${closing?.failureType}`;
      }),
    ];
    return wrong.flatMap((what) => (what === undefined ? [] : [{ orderId, what }]));
  });

function endingProblem(order: OrderEvidence): string | undefined {
  const run = lastRun(order);
  if (run === undefined) return 'it was submitted, and Temporal knows nothing of it';
  const { closing, cancelRequested } = run;
  switch (closing?.as) {
    // That it is open is another matter: I7.
    case undefined:
      return undefined;
    case 'completed':
      return cancellationProblem(run);
    case 'cancelled':
      return order.asked.cancel && cancelRequested ? undefined : 'it is cancelled, and nobody has asked for that';
    case 'failed':
      return failureProblem(order, run);
    default:
      return `it is ${closing?.as}, and was not submitted again`;
  }
}

/** A cancellation that a completed order has got came too late, and the order says so. */
function cancellationProblem({ closing, cancelRequested }: RunEvidence): string | undefined {
  const says = Object(closing?.result).cancellation;
  if ((says === 'came too late') === cancelRequested) return undefined;
  return cancelRequested
    ? 'it was asked to cancel, is completed and does not say that this came too late'
    : `nobody has asked it to cancel, and it says that this ${says}`;
}

function failureProblem({ asked, runs }: OrderEvidence, { closing, steps }: RunEvidence): string | undefined {
  switch (closing?.failureType) {
    case 'OrderRejected': {
      const goesOn = runs.at(-2)?.closing?.as === 'continued as new';
      const refused = goesOn || steps.some(({ kind }) => kind === 'create refused');
      return refused ? undefined : 'it says that it was rejected, and none of its creates was refused';
    }
    // In an earlier run of the same chain.
    case 'OrderCancelled':
      return asked.cancel ? undefined : 'it is cancelled, and nobody has asked for that';
    default:
      return `it failed with ${closing?.failureType || 'an error of no type'}`;
  }
}
