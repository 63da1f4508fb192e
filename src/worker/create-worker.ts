import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Timings } from 'exactly-one';
import { workerOptions } from 'exactly-one/activities';
import { createAccountActivities } from '../activities/account-activities.ts';
import { createTicketActivities } from '../activities/ticket-activities.ts';
import { createAccountApiClient } from '../clients/account-api.ts';
import { createTicketSystemClient, type TicketSystem } from '../clients/ticket-system.ts';
import type { AccountActivities } from '../contracts/account-activities.ts';
import type { TicketActivities } from '../contracts/ticket-activities.ts';
import type { Settings } from '../platform/config/settings.ts';
import { logFailures } from './log-failures.ts';
import { maskFailures } from './mask-failures.ts';

/** The settings that a worker needs. */
export type WorkerSettings = Timings &
  Pick<Settings, 'taskQueue' | 'ticketSystemUrl' | 'accountApiUrl' | 'searchAttributes'>;

/** What a worker may have in addition to the application's own activities; default nothing. */
export interface WorkerExtensions extends Pick<WorkerOptions, 'interceptors' | 'sinks'> {
  /** Further activities, made from the application's. */
  readonly moreActivities?: (own: TicketActivities & AccountActivities) => object;
  readonly wrapTicketSystem?: (client: TicketSystem) => TicketSystem;
}

/**
 * Creates a worker for orders, late watches and transfers. The caller runs it.
 * @param workflowBundle from `workflow-bundle.ts`
 * @param settings `searchAttributes`: whether the namespace has them
 */
export async function createWorker({
  connection,
  namespace,
  workflowBundle,
  settings,
  extensions: { moreActivities = () => ({}), wrapTicketSystem = (client: TicketSystem) => client, ...options } = {},
}: {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly workflowBundle: { readonly code: string };
  readonly settings: WorkerSettings;
  readonly extensions?: WorkerExtensions;
}): Promise<Worker> {
  const { createDeadlineMs, clockSkewMs, settleMs, acceptWithinMs = 0, lateWatchMs, searchAttributes } = settings;
  const required = workerOptions({ createDeadlineMs, clockSkewMs });
  const ticketSystem = wrapTicketSystem(createTicketSystemClient({ baseUrl: settings.ticketSystemUrl }));
  const accountApi = createAccountApiClient({ baseUrl: settings.accountApiUrl });
  const orderSettings = { createDeadlineMs, clockSkewMs, settleMs, acceptWithinMs, lateWatchMs, searchAttributes };
  const activities = {
    ...createTicketActivities(ticketSystem, orderSettings),
    ...createAccountActivities(accountApi, { searchAttributes }),
  };
  return Worker.create({
    ...options,
    ...required,
    interceptors: {
      ...options.interceptors,
      activity: [
        logFailures,
        maskFailures,
        ...required.interceptors.activity,
        ...(options.interceptors?.activity ?? []),
      ],
    },
    connection,
    namespace,
    taskQueue: settings.taskQueue,
    workflowBundle,
    activities: { ...activities, ...moreActivities(activities) },
    maxConcurrentActivityTaskExecutions: 100,
    workflowTaskPollerBehavior: { type: 'autoscaling' },
    activityTaskPollerBehavior: { type: 'autoscaling' },
  });
}
