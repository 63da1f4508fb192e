import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PlayedRound } from './play-round.ts';

/**
 * Keeps what is needed to understand a violation, beside the databases and logs that lie there already: the plan, all
 * that was really done and when, what was found, and the histories of the orders concerned, which can be replayed.
 */
export async function keepRound(folder: string, { plan, played, stops, found, histories }: PlayedRound): Promise<void> {
  const historyFolder = path.join(folder, 'histories');
  await mkdir(historyFolder, { recursive: true });
  const write = (name: string, value: unknown) => writeFile(path.join(folder, name), JSON.stringify(value, null, 2));
  await write('violations.json', found);
  await write('actions.json', { plan, stops, orders: played });
  const concerned = new Set(found.flatMap(({ orderId }) => orderId ?? []));
  for (const { workflowId, runId, json } of histories) {
    if (concerned.size > 0 && !concerned.has(workflowId.split(':')[0] ?? '')) continue;
    await writeFile(path.join(historyFolder, `${workflowId.replaceAll(':', '_')}.${runId}.json`), json);
  }
}
