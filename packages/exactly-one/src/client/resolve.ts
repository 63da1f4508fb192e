import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { A_CLIENT, A_TEXT, checkOptions } from '../contract/check-options.ts';
import { failures } from '../contract/failures.ts';
import { messages } from '../contract/messages.ts';
import { quoted } from '../contract/quoted.ts';
import { isResolution } from '../contract/state-shapes.ts';
import type { Resolution } from '../protocol/index.ts';

/**
 * Resolves an order whose outcome nobody can read, by a person's word: with its item it completes, with `none` it fails as
 * `ResolvedWithoutItem`, and can be submitted again. An order refuses it while it is preparing, until its fence has
 * passed, while a create or a void is running, and with an item that it has seen voided. It waits for a worker, so call it
 * within `client.withDeadline`.
 * @param resolution reason and name stay in the history
 * @returns why the order refused it; undefined when it is resolved
 * @throws TypeError without an id, or when the resolution is not valid; WorkflowNotFoundError when no such order is open; an error of the
 *   client when Temporal or the workers do not respond
 */
export async function resolve(client: Client, workflowId: string, resolution: Resolution): Promise<string | undefined> {
  if (!isResolution(resolution)) {
    throw new TypeError(
      `resolve: the resolution must be { itemId, reason, by } or { none: true, reason, by }, but is ${quoted(resolution)}`,
    );
  }
  checkOptions('resolve', { client, workflowId }, { client: A_CLIENT, workflowId: A_TEXT });
  try {
    await client.workflow
      .getHandle(workflowId)
      .executeUpdate<void, [Resolution]>(messages.resolve, { args: [resolution] });
    return undefined;
  } catch (error) {
    const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
    if (!(cause instanceof ApplicationFailure && cause.type === failures.resolutionRefused)) throw error;
    return cause.message;
  }
}
