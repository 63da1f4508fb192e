import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { errorMessage } from '../../src/contracts/errors.ts';
import { workflowBundle } from '../../src/worker/workflow-bundle.ts';
import type { PlayedRound } from './play-round.ts';

/** Where {@link keepRound} writes the histories. */
export const HISTORIES_FOLDER = 'histories';

/**
 * Writes what is needed to understand a violation into the round's folder, beside its database and logs: the plan, what
 * was actually done and when, the violations, and the histories of the orders concerned, or of all if there are none.
 */
export async function keepRound(folder: string, round: PlayedRound): Promise<void> {
  const { plan, played, stops, moves, poison, violations, histories } = round;
  const historiesFolder = path.join(folder, HISTORIES_FOLDER);
  await mkdir(historiesFolder, { recursive: true });
  const write = (name: string, value: unknown) => writeFile(path.join(folder, name), JSON.stringify(value, null, 2));
  await write('violations.json', violations);
  await write('actions.json', { plan, stops, moves, poison, orders: played });
  const concerned = new Set(violations.flatMap(({ orderId }) => orderId ?? []));
  for (const { workflowId, runId, json } of histories) {
    if (concerned.size > 0 && !concerned.has(workflowId.split(':')[0] ?? '')) continue;
    await writeFile(path.join(historiesFolder, `${workflowId.replaceAll(':', '_')}.${runId}.json`), json);
  }
}

/**
 * Replays the kept histories with the current workflow code.
 * @param folder with files as {@link keepRound} writes them
 * @returns the exit code: 0 if every history replays, 1 otherwise
 */
export async function replayHistories(folder: string): Promise<number> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const histories = await Promise.all(names.map((name) => readHistory(path.join(folder, name))));
  let failed = 0;
  for await (const { workflowId, runId, error } of Worker.runReplayHistories(
    { workflowBundle: await workflowBundle() },
    histories,
  )) {
    if (error !== undefined) failed += 1;
    console.log(`${workflowId} ${runId}: ${error === undefined ? 'replays as recorded' : error.message}`);
  }
  if (histories.length === 0)
    console.error(`there are no histories (*.json) in ${folder}; give the histories folder of a kept round`);
  return failed === 0 && histories.length > 0 ? 0 : 1;
}

async function readHistory(file: string) {
  const [workflowId = ''] = path.basename(file).split('.');
  const json = await readFile(file, 'utf8');
  try {
    return { workflowId: workflowId.replaceAll('_', ':'), history: historyFromJSON(JSON.parse(json)) };
  } catch (error) {
    throw new Error(`${file} is not a history: ${errorMessage(error)}`, { cause: error });
  }
}
