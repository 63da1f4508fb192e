import path from 'node:path';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { type Child, describeExit } from '../../src/platform/processes/start-child.ts';
import { startProgram } from '../../src/platform/processes/start-program.ts';
import type { Stage } from '../../testbed/stage.ts';
import { type FinishedOrder, readFinished } from './finished-orders.ts';
import { END_WITHIN_MS, type EndedOrder, type RunListener, type StrategyRun, untilKillMoment } from './strategy-run.ts';

/**
 * Runs orders with the script, which is killed once and started again.
 * @param settings the timings, as environment variables
 */
export async function runScript(
  stage: Stage,
  settings: Readonly<Record<string, string>>,
  orderIds: readonly string[],
  { onKilled, onEnded }: RunListener,
): Promise<StrategyRun> {
  const file = path.join(stage.databaseDir, 'script-finished.txt');
  let startedAtMs: number | undefined;
  const start = () =>
    startScript(stage, settings, [file, ...orderIds], () => {
      startedAtMs ??= Date.now();
      onEnded(readFinished(file).length);
    });

  const script = await start();
  const killed = await untilKillMoment(stage.databaseDir, orderIds.length);
  await script.kill();
  onKilled(killed);
  await untilExited(await start());

  return { killed, ended: endedOrders(orderIds, readFinished(file), startedAtMs) };
}

function endedOrders(
  orderIds: readonly string[],
  finished: readonly FinishedOrder[],
  startedAtMs = 0,
): readonly EndedOrder[] {
  const byId = new Map(finished.map((order) => [order.orderId, order]));
  return orderIds.map((orderId) => {
    const order = byId.get(orderId);
    if (order === undefined) return { orderId, reported: 'unfinished', tookMs: END_WITHIN_MS };
    return { orderId, reported: order.reported, tookMs: order.atMs - startedAtMs };
  });
}

async function untilExited(script: Child): Promise<void> {
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    void script.kill();
  }, END_WITHIN_MS);
  const exit = await script.exited;
  clearTimeout(timer);
  // Otherwise a broken script would look like one that loses orders.
  if (exit.code !== 0 && !timedOut) {
    throw new Error(`the script ${describeExit(exit)}:\n${script.output.tail().join('\n')}`);
  }
}

function startScript(
  { ticketSystemUrl }: Stage,
  settings: Readonly<Record<string, string>>,
  args: readonly string[],
  onLine: () => void,
): Promise<Child> {
  return startProgram({
    name: 'the script',
    program: 'evidence/comparison/script-main.ts',
    args,
    env: { ...MINIMAL_ENVIRONMENT, ...settings, TICKET_SYSTEM_URL: ticketSystemUrl },
    onLine,
  });
}
