import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { OrderEnvironment } from './order-environment.ts';

/**
 * Everything that Temporal stores and shows of an order and its late watches: all histories of its chains of runs, with
 * inputs, results, failures, headers and memos, as they are and with their payloads decoded.
 */
export async function storedOf({ client }: Pick<OrderEnvironment, 'client'>, orderId: string): Promise<string> {
  const stored: string[] = [];
  for await (const { runId, workflowId } of client.workflow.list({ query: `WorkflowId STARTS_WITH "${orderId}"` })) {
    const handle = client.workflow.getHandle(workflowId, runId);
    stored.push(historyToJSON(await handle.fetchHistory()), JSON.stringify((await handle.describe()).raw));
  }
  return [...stored, ...stored.flatMap(decoded)].join('\n');
}

/** The decoded form of everything in a text that may be base64. */
function decoded(text: string): readonly string[] {
  return [...text.matchAll(/"([A-Za-z0-9+/]{8,}={0,2})"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString('latin1'),
  );
}
