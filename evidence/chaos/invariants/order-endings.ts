import { type Closing, lastRun, type OrderEvidence, type RunEvidence } from '../collect/round-evidence.ts';
import type { Check } from './violation.ts';

/** I7: once the services respond again, each order, its late watch and its requests end within their bound. */
export const endsInTime: Check = ({ orders, calmAtMs, endsWithinMs, inFlight }) => {
  const lateness = (closing: Closing | undefined): string | undefined => {
    if (closing === undefined) return `is still open ${endsWithinMs / 1_000} s after the last fault`;
    const afterMs = closing.atMs - calmAtMs;
    return afterMs > endsWithinMs ? `ended ${afterMs / 1_000} s after the last fault` : undefined;
  };
  return [
    ...orders.flatMap((order) => {
      const { orderId, watches } = order;
      const run = { name: 'it', closing: lastRun(order)?.closing };
      const all = [run, ...watches.map(({ workflowId, closing }) => ({ name: `its watch ${workflowId}`, closing }))];
      return all.flatMap(({ name, closing }) => {
        const late = lateness(closing);
        return late === undefined ? [] : [{ orderId, what: `${name} ${late}` }];
      });
    }),
    ...(inFlight > 0 ? [{ what: `the ticket system still has ${inFlight} requests in flight` }] : []),
  ];
};

/** An order ends only in a way that its clients and its creates explain, and a completed order never runs again. */
export const expectedEnding: Check = ({ orders }) =>
  orders.flatMap((order) => {
    const { orderId, runs, watches } = order;
    const problems = [
      endingProblem(order),
      ...runs.slice(0, -1).map(({ runId, closing }) => {
        return closing?.status === 'completed' ? `run ${runId} was completed, and another run followed` : undefined;
      }),
      ...runs.slice(1).map(({ runId, resumed }, index) => {
        const continued = runs[index]?.closing?.status === 'continued as new';
        return resumed || continued ? undefined : `run ${runId} follows another run but was not started as resumed`;
      }),
      ...watches.map(({ workflowId, closing }) => {
        const status = closing?.status ?? 'completed';
        return status === 'completed' ? undefined : `its watch ${workflowId} is ${status}, ${closing?.failureType}`;
      }),
    ];
    return problems.flatMap((what) => (what === undefined ? [] : [{ orderId, what }]));
  });

function endingProblem(order: OrderEvidence): string | undefined {
  const run = lastRun(order);
  if (run === undefined) return 'it was submitted, but Temporal does not know it';
  const { closing, cancelRequested } = run;
  switch (closing?.status) {
    // I7 reports open orders.
    case undefined:
      return undefined;
    case 'completed':
      return cancellationProblem(run);
    case 'cancelled':
      return order.cancelledByClient && cancelRequested ? undefined : 'it is cancelled, but no client cancelled it';
    case 'failed':
      return failureProblem(order, run);
    default:
      return `it is ${closing?.status} and was not submitted again`;
  }
}

/** A completed order reports a cancellation that came too late, and only then. */
function cancellationProblem({ closing, cancelRequested }: RunEvidence): string | undefined {
  const reported = Object(closing?.result).cancellation;
  if ((reported === 'came too late') === cancelRequested) return undefined;
  return cancelRequested
    ? 'it is completed, but its result does not say that a cancellation came too late'
    : `nobody cancelled it, but its result says that a cancellation ${reported}`;
}

function failureProblem({ cancelledByClient, runs }: OrderEvidence, { closing, steps }: RunEvidence) {
  switch (closing?.failureType) {
    case 'OrderRejected': {
      // The rejected create may belong to the run that continued as new.
      const continued = runs.at(-2)?.closing?.status === 'continued as new';
      const rejected = continued || steps.some(({ kind }) => kind === 'create rejected');
      return rejected ? undefined : 'it failed as rejected, but none of its creates was rejected';
    }
    // The cancellation may have reached an earlier run of the same chain.
    case 'OrderCancelled':
      return cancelledByClient ? undefined : 'it is cancelled, but no client cancelled it';
    default:
      return `it failed with ${closing?.failureType || 'an error without a type'}`;
  }
}
