import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { lateWatchId } from 'exactly-one';
import { isNotFound } from '../../../testbed/is-not-found.ts';
import { POISON_PAYLOADS } from '../../../testbed/poison-payloads.ts';
import { createRawRequests } from '../../../testbed/raw-requests.ts';
import { listRuns } from '../collect/histories.ts';
import type { PlannedPoison } from '../plan/poison.ts';
import { callTemporal } from './call-temporal.ts';

/** A signal that was sent. */
export interface SentPoison extends Pick<PlannedPoison, 'signal' | 'payload'> {
  /** RFC 3339. */
  readonly at: string;
  readonly workflowId: string;
  readonly target: PlannedPoison['target'];
}

/**
 * Sends poison to running workflows as planned. None of it may change what becomes of them.
 * @param prefix of the ids of the orders
 * @param over aborted when no workflow of the round runs any more
 */
export async function sendPoison(
  client: Client,
  prefix: string,
  planned: readonly PlannedPoison[],
  over: AbortSignal,
): Promise<readonly SentPoison[]> {
  const { signal: send } = createRawRequests(client);
  const startedAt = performance.now();
  const sent: SentPoison[] = [];
  for (const { atMs, target, position, signal, payload } of planned) {
    const waitMs = Math.max(0, atMs - (performance.now() - startedAt));
    await pause(waitMs, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) break;
    const workflowId = choose(await listRunning(client, prefix), target, position);
    if (workflowId === undefined) continue;
    const isSent = await callTemporal(client, `take a signal for ${workflowId}`, () =>
      send(workflowId, signal, POISON_PAYLOADS[payload]).then(() => true, falseIfClosed),
    );
    if (isSent) sent.push({ at: new Date().toISOString(), workflowId, target: kindOf(workflowId), signal, payload });
  }
  return sent;
}

async function listRunning(client: Client, prefix: string): Promise<readonly string[]> {
  const running = await listRuns(client, `WorkflowId STARTS_WITH "${prefix}" AND ExecutionStatus = "Running"`);
  return running.map(({ workflowId }) => workflowId).sort();
}

function choose(running: readonly string[], target: PlannedPoison['target'], position: number): string | undefined {
  const wanted = running.filter((workflowId) => kindOf(workflowId) === target);
  const candidates = wanted.length > 0 ? wanted : running;
  return candidates[Math.floor(position * candidates.length)];
}

function kindOf(workflowId: string): PlannedPoison['target'] {
  return workflowId.includes(lateWatchId('', '')) ? 'late watch' : 'order';
}

/** The workflow may have been closed in the meantime. */
function falseIfClosed(error: unknown): false {
  if (isNotFound(error)) return false;
  throw error;
}
