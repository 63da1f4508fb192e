import pc from 'picocolors';
import { WaitTimeoutError, waitUntil } from '../processes/wait-until.ts';
import { submitOrder } from '../starter/submit-order.ts';
import { followOrders, untilQuiescent } from './follow-orders.ts';
import type { Narrator } from './narrator.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { printOrders, storyOf } from './order-table.ts';
import { DEMO_INTERVALS, type Stage } from './stage.ts';
import { judge, verdictLine } from './verdict.ts';

const ORDERS = 20;
const SUBMITTED_AGAIN = 5;
/** The worker is killed when so many creates are in flight, or as many as there are orders. */
const CREATES_IN_FLIGHT = 3;
const KILL_WITHIN_MS = 20_000;
const END_WITHIN_MS = 300_000;

/** The main story: many orders, a hostile ticket system, a worker killed in the middle; and yet one ticket each. */
export async function mainStory(stage: Stage, narrator: Narrator, options: DemoOptions): Promise<DemoResult> {
  const preset = options.faults ?? 'hostile';
  const count = options.orders ?? ORDERS;
  narrator.line(`faults ${pc.bold(preset)}, seed ${options.seed}, mode ${options.mode}`);
  narrator.line(
    pc.dim(
      Object.entries(DEMO_INTERVALS)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    ),
  );
  await stage.setFaults({ seed: options.seed, preset });
  const orderIds = Array.from({ length: count }, (_, index) => stage.orderId(index + 1));

  const worker = await stage.startWorker();
  const submit = (orderId: string) => submitOrder(stage.client, stage.taskQueue, orderId);
  const orders = await Promise.all(orderIds.map(submit));
  narrator.step(`${count} orders submitted`);

  const inFlight = await untilCreatesInFlight(stage, orderIds, Math.min(CREATES_IN_FLIGHT, count));
  await worker.kill();
  narrator.step(`worker ${worker.pid} killed (SIGKILL) while ${inFlight} creates were in flight`);
  const replacement = await stage.startWorker();
  narrator.step(`a new worker, ${replacement.pid}, goes on`);
  const again = await Promise.all(orderIds.slice(0, SUBMITTED_AGAIN).map(submit));
  narrator.step(`${again.length} orders submitted again: ${again.map(({ how }) => how).join(', ')}`);

  const ended = await followOrders(stage, orders, narrator, END_WITHIN_MS);
  narrator.step('every order has ended; late tickets may still come, so their watches go on');
  const lateVoids = await untilQuiescent(stage, orderIds, END_WITHIN_MS);
  narrator.step('quiescent: no order, no watch, no request open');

  const stories = ended.map((order) => storyOf(order, lateVoids));
  narrator.line();
  printOrders(stories, narrator);
  const [audit, verdict] = await Promise.all([stage.audit(), judge(stage, ended)]);
  narrator.heading('The audit, from files and ledger alone');
  for (const [name, value] of Object.entries(audit.counts))
    narrator.line(`  ${name.padEnd(12)} ${String(value).padStart(4)}`);
  for (const wrong of verdict.wrong) narrator.line(pc.red(`  ${wrong}`));
  narrator.line();
  return {
    ok: verdict.wrong.length === 0,
    summary: verdictLine(verdict),
    details: { seed: options.seed, faults: preset, mode: options.mode, orders: stories, audit: audit.counts, verdict },
  };
}

/** Waits until creates are in flight, and says how many. With few orders they may all have ended before: then none. */
async function untilCreatesInFlight(stage: Stage, orderIds: readonly string[], wanted: number): Promise<number> {
  try {
    return await waitUntil(
      async () => {
        const inFlight = await createsInFlight(stage, orderIds);
        return inFlight >= wanted && inFlight;
      },
      { what: `${wanted} creates in flight`, timeoutMs: KILL_WITHIN_MS, everyMs: 20 },
    );
  } catch (error) {
    if (error instanceof WaitTimeoutError) return createsInFlight(stage, orderIds);
    throw error;
  }
}

/** Creates that a worker has begun and not reported. */
export async function createsInFlight({ client }: Stage, orderIds: readonly string[]): Promise<number> {
  const orders = await Promise.all(orderIds.map((orderId) => client.workflow.getHandle(orderId).describe()));
  return orders
    .flatMap(({ raw }) => raw.pendingActivities ?? [])
    .filter(({ activityType, lastStartedTime }) => activityType?.name === 'createTicket' && lastStartedTime).length;
}
