import { type NativeConnection, Worker } from '@temporalio/worker';
import { createLimits } from 'exactly-one';
import { createActivities } from '../activities/create-activities.ts';
import type { Settings } from '../platform/config/settings.ts';
import { taskSinks } from '../platform/failpoints/worker-sinks.ts';

/** The settings a worker needs. */
export type WorkerSettings = Pick<
  Settings,
  | 'taskQueue'
  | 'ticketSystemUrl'
  | 'accountApiUrl'
  | 'createDeadlineMs'
  | 'clockSkewMs'
  | 'settleMs'
  | 'lateWatchMs'
  | 'searchAttributes'
>;

export type MoreActivities = (own: ReturnType<typeof createActivities>) => object;

/**
 * A worker for orders, late watches and transfers.
 * @param workflowBundle from `workflow-bundle.ts`
 * @param settings `searchAttributes` says whether the namespace has them
 * @param moreActivities made of the product's, to be offered beside them; default none
 */
export async function createWorker({
  connection,
  namespace,
  workflowBundle,
  settings,
  moreActivities = () => ({}),
}: {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly workflowBundle: { readonly code: string };
  readonly settings: WorkerSettings;
  readonly moreActivities?: MoreActivities;
}): Promise<Worker> {
  const { createDeadlineMs, clockSkewMs, settleMs, lateWatchMs, searchAttributes } = settings;
  const { startToCloseMs } = createLimits(createDeadlineMs, clockSkewMs);
  const activities = createActivities({
    ticketSystemUrl: settings.ticketSystemUrl,
    accountApiUrl: settings.accountApiUrl,
    orderSettings: { createDeadlineMs, clockSkewMs, settleMs, lateWatchMs, searchAttributes },
  });
  return Worker.create({
    connection,
    namespace,
    taskQueue: settings.taskQueue,
    workflowBundle,
    activities: { ...activities, ...moreActivities(activities) },
    sinks: taskSinks,
    // A draining worker waits for the creates it has begun: broken off, each would leave an unknown outcome.
    shutdownGraceTime: startToCloseMs,
    // When a worker dies, its workflows wait so long for it before another one takes them.
    stickyQueueScheduleToStartTimeout: '2s',
    maxConcurrentActivityTaskExecutions: 100,
    workflowTaskPollerBehavior: { type: 'autoscaling' },
    activityTaskPollerBehavior: { type: 'autoscaling' },
  });
}
