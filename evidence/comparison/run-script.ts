import path from 'node:path';
import { type Child, describeExit } from '../../src/platform/processes/start-child.ts';
import { startProgram } from '../../src/platform/processes/start-program.ts';
import type { Stage } from '../../testbed/stage.ts';
import { untilKillMoment } from './kill-moment.ts';
import { type DoneOrder, readDone } from './script-done.ts';
import { END_WITHIN_MS, type EndedOrder, type RunWatch, type StrategyRun } from './strategy-run.ts';

/**
 * Runs orders by the plain script, which is killed once and started again.
 * @param env its timings, as settings
 */
export async function runScript(
  stage: Stage,
  env: Readonly<Record<string, string>>,
  orderIds: readonly string[],
  watch: RunWatch,
): Promise<StrategyRun> {
  const doneFile = path.join(stage.databaseDir, 'script-done.txt');
  let begunAtMs: number | undefined;
  const start = () =>
    startScript(stage, env, [doneFile, ...orderIds], () => {
      begunAtMs ??= Date.now();
      watch.ended(readDone(doneFile).length);
    });

  const script = await start();
  const killed = await untilKillMoment(stage.databaseDir, orderIds.length);
  await script.kill();
  watch.killed(killed);
  await untilItEnds(await start());

  return { killed, ended: endedOrders(orderIds, readDone(doneFile), begunAtMs) };
}

function endedOrders(orderIds: readonly string[], done: readonly DoneOrder[], begunAtMs = 0): readonly EndedOrder[] {
  const byId = new Map(done.map((order) => [order.orderId, order]));
  return orderIds.map((orderId) => {
    const order = byId.get(orderId);
    if (order === undefined) return { orderId, said: 'nothing', tookMs: END_WITHIN_MS };
    return { orderId, said: order.said, tookMs: order.atMs - begunAtMs };
  });
}

async function untilItEnds(script: Child): Promise<void> {
  let tooLong = false;
  const timer = setTimeout(() => {
    tooLong = true;
    void script.kill();
  }, END_WITHIN_MS);
  const exit = await script.exited;
  clearTimeout(timer);
  // A script that is broken would pass for one that loses orders.
  if (exit.code !== 0 && !tooLong) {
    throw new Error(`the script ${describeExit(exit)}:\n${script.output.tail().join('\n')}`);
  }
}

function startScript(
  { ticketSystemUrl }: Stage,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  onLine: () => void,
): Promise<Child> {
  return startProgram({
    name: 'the script',
    program: 'evidence/comparison/script-main.ts',
    args,
    env: { ...process.env, ...env, TICKET_SYSTEM_URL: ticketSystemUrl },
    onLine,
  });
}
