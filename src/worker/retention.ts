import type { NativeConnection } from '@temporalio/worker';
import { SettingsError } from '../platform/config/settings.ts';

/**
 * A late watch must end before the history of its order is deleted: a resubmission after that would not find the order.
 * @throws SettingsError if a late watch lasts longer than the namespace keeps histories
 */
export async function checkRetention(
  connection: Pick<NativeConnection, 'workflowService'>,
  namespace: string,
  lateWatchMs: readonly number[],
): Promise<void> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  const retentionMs = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) * 1_000;
  const watchMs = lateWatchMs.reduce((sum, pauseMs) => sum + pauseMs, 0);
  if (retentionMs > 0 && watchMs >= retentionMs) {
    throw new SettingsError(
      `LATE_WATCH_MS=${lateWatchMs.join(',')} lasts ${watchMs} ms in total, but the namespace ${namespace} keeps histories ` +
        `for only ${retentionMs} ms: reduce LATE_WATCH_MS, or extend the retention of the namespace`,
    );
  }
}
