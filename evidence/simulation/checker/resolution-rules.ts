import type { ItemList, Resolution } from 'exactly-one';
import { fenceOfDeadline, type OrderRecord } from './records.ts';

/** When a person may resolve an order. */
export function resolutionRules({ timings, liveIds, recordOf, report, watched, wrongClaims }: OrderRecord) {
  return {
    /** A complete response reaches the workflow. */
    responseDelivered(runId: string, { items }: ItemList) {
      const { deliveredVoided } = recordOf(runId);
      for (const { itemId, voided } of items) if (voided) deliveredVoided.add(itemId);
    },

    /** @param now.nowMs by Temporal's clock */
    resolutionAccepted(
      runId: string,
      resolution: Resolution,
      now: { readonly nowMs: number; readonly running: 'create' | 'void' | undefined },
    ) {
      const run = recordOf(runId);
      if (run.resolution !== undefined) report('resolution', `${runId} is resolved twice`);
      if (now.running !== undefined) report('resolution', `${runId} is resolved while a ${now.running} is running`);
      for (const deadlineMs of [...run.deadlinesMs, run.earlierRunDeadlineMs ?? 0]) {
        const fenceMs = deadlineMs === 0 ? 0 : fenceOfDeadline(run, deadlineMs, timings) + timings.clockSkewMs;
        if (now.nowMs <= fenceMs) {
          report('resolution', `${runId} is resolved at ${now.nowMs}, but a create may commit until ${fenceMs}`);
        }
      }
      run.resolution = resolution;
      if (!('itemId' in resolution)) return;
      const { itemId } = resolution;
      if (run.deliveredVoided.has(itemId)) report('resolution', `${runId} is resolved with ${itemId}, seen voided`);
      const givesWay = [...watched].some((promisedId) => promisedId !== itemId);
      if (!liveIds().includes(itemId) || givesWay) wrongClaims.add(itemId);
    },
  };
}
