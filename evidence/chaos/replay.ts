import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { workflowBundle } from '../../src/worker/workflow-bundle.ts';

/**
 * Runs the workflows of today over the histories that a run of chaos has kept.
 * @param folder with files as `keepRound` writes them
 * @returns the exit code: 0 when each goes the way that is recorded, 1 otherwise
 */
export async function replay(folder: string): Promise<number> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const histories = await Promise.all(
    names.map(async (name) => ({
      workflowId: (name.split('.')[0] ?? '').replaceAll('_', ':'),
      history: historyFromJSON(JSON.parse(await readFile(path.join(folder, name), 'utf8'))),
    })),
  );
  let failed = 0;
  for await (const { workflowId, runId, error } of Worker.runReplayHistories(
    { workflowBundle: await workflowBundle() },
    histories,
  )) {
    if (error !== undefined) failed += 1;
    console.log(`${workflowId} ${runId}: ${error === undefined ? 'goes the recorded way' : error.message}`);
  }
  if (histories.length === 0) console.error(`there is no history in ${folder}`);
  return failed === 0 && histories.length > 0 ? 0 : 1;
}
