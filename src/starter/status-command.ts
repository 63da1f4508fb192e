import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { lateWatchId } from '../contracts/ids.ts';
import { endingOf } from './order-ending.ts';
import { progressOf } from './order-progress.ts';

interface PendingStep {
  readonly activity: string;
  readonly attempt: number;
  readonly lastFailure: string | undefined;
}

/**
 * Prints where an order stands: its run, what it waits for, what failed last, its late watch.
 * @returns the exit code: 0, or 1 when there is no such order
 */
export async function statusCommand(client: Client, orderId: string, json: boolean): Promise<number> {
  const status = await orderStatus(client, orderId);
  if (status === undefined) {
    console.error(
      `there is no order ${orderId} in the namespace ${client.options.namespace}; start it: npm run starter -- order ${orderId}`,
    );
    return 1;
  }
  if (json) {
    console.log(JSON.stringify(status));
    return 0;
  }
  const { progress, ending, pending, lateWatch } = status;
  const rows: [string, string | undefined][] = [
    ['order', orderId],
    ['run', `${status.run}, ${status.runId}`],
    ['ticket', ending?.kind === 'ticket' ? ending.result.ticketId : ending?.error],
    ['phase', progress && `${progress.phase}: ${progress.detail}`],
    ['reservation', progress?.reservationId],
    ['guarantee', progress?.guarantee],
    ['creates', progress && String(progress.createAttempts)],
    ...(progress?.outcomes ?? []).map((outcome): [string, string] => ['', outcome]),
    ['voided', progress?.voidedTicketIds.join(', ') || undefined],
    ['fence', progress?.fenceMs === undefined ? undefined : new Date(progress.fenceMs).toISOString()],
    ['cancellation', progress?.cancelRequested ? 'was asked for' : undefined],
    ...pending.map(({ activity, attempt, lastFailure }): [string, string] => [
      'waits for',
      `${activity}, attempt ${attempt}${lastFailure === undefined ? '' : `, last: ${lastFailure}`}`,
    ]),
    ['late watch', lateWatch],
  ];
  for (const [name, value] of rows) if (value !== undefined) console.log(`${name.padEnd(13)} ${value}`);
  return 0;
}

async function orderStatus(client: Client, orderId: string) {
  const described = await client.workflow.getHandle(orderId).describe().catch(undefinedIfNotFound);
  if (described === undefined) return undefined;
  const { status, runId, raw } = described;
  const running = status.name === 'RUNNING';
  const pending = (raw.pendingActivities ?? []).map(
    (each): PendingStep => ({
      activity: each.activityType?.name ?? 'an activity',
      attempt: each.attempt ?? 1,
      lastFailure: each.lastFailure?.message ?? undefined,
    }),
  );
  const [progress, ending, watch] = await Promise.all([
    progressOf(client, orderId),
    running ? undefined : endingOf(orderId, client.workflow.getHandle(orderId)),
    client.workflow.getHandle(lateWatchId(orderId, runId)).describe().catch(undefinedIfNotFound),
  ]);
  return {
    orderId,
    run: status.name.toLowerCase(),
    runId,
    progress,
    ending,
    pending,
    lateWatch: watch?.status.name.toLowerCase(),
  };
}

function undefinedIfNotFound(error: unknown): undefined {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}
