import { fileURLToPath } from 'node:url';
import { isGrpcServiceError } from '@temporalio/client';
import { colors } from '../logging/colors.ts';
import { waitUntil } from '../processes/wait-until.ts';
import type { Narrator } from './narrator.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { orderIds, playOrders } from './play-orders.ts';
import { report } from './report.ts';
import { copySource } from './source-copy.ts';
import type { Stage } from './stage.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILE = 'src/activities/create-activities.ts';
const RIGHT = 'const ticketSystem = createTicketSystemClient({ baseUrl: ticketSystemUrl });';
const WRONG =
  "const ticketSystem = createTicketSystemClient({ baseUrl: 'http://127.0.0.1:9' }); // worked on my machine";

/** An activity has a bug; the orders wait, visibly, until it is mended. Nothing is lost and nothing has to be started again. */
export async function liveFix(stage: Stage, narrator: Narrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, faults = 'calm', orders = 3 } = options;
  await stage.setFaults({ seed, preset: faults });
  const source = await copySource(ROOT);
  try {
    const line = await source.replaceLine(FILE, RIGHT, WRONG);
    narrator.step(`a hurried colleague changes ${FILE}:${line} (in a copy of the source)`);
    narrator.line(colors.red(`         - ${RIGHT}`));
    narrator.line(colors.green(`         + ${WRONG}`));
    const broken = await stage.startWorker(source.root);
    const ids = orderIds(stage, orders);

    const played = await playOrders(stage, ids, narrator, async () => {
      const waiting = await untilAllWait(stage, ids);
      narrator.step('every order waits; this is how Temporal sees it:');
      for (const { orderId, activity, attempt, message, at } of waiting) {
        narrator.line(`         ${orderId}  ${activity}, attempt ${attempt}: ${message}`);
        narrator.line(colors.dim(`         ${at}`));
      }
      await source.replaceLine(FILE, WRONG, RIGHT);
      await broken.stop(15_000);
      await stage.startWorker(source.root);
      narrator.step('the line is mended and the worker restarted');
      await resetBackOff(stage, ids);
      narrator.step('the back-off of the waiting activities is reset, so that nobody waits for it');
    });
    return await report(stage, played, narrator, { seed, mode, faults });
  } finally {
    await source.remove();
  }
}

const GRPC_NOT_FOUND = 5;
/** Of Temporal's enum PendingActivityState: it waits, for a worker or for its back-off. */
const PENDING_ACTIVITY_STATE_SCHEDULED = 1;

interface WaitingOrder {
  readonly orderId: string;
  readonly activity: string;
  readonly attempt: number;
  readonly message: string;
  /** The line of ours where it failed. */
  readonly at: string;
}

/** Waits until every order has an activity that has failed more than once. */
async function untilAllWait({ client }: Stage, ids: readonly string[]): Promise<readonly WaitingOrder[]> {
  return waitUntil(
    async () => {
      const waiting: WaitingOrder[] = [];
      for (const orderId of ids) {
        const { raw } = await client.workflow.getHandle(orderId).describe();
        const pending = raw.pendingActivities?.find(({ attempt, lastFailure }) => (attempt ?? 0) > 2 && lastFailure);
        if (pending === undefined) return false;
        const { activityType, attempt, lastFailure } = pending;
        waiting.push({
          orderId,
          activity: activityType?.name ?? 'an activity',
          attempt: attempt ?? 0,
          message: lastFailure?.message ?? '',
          at: lineOfOurs(lastFailure?.stackTrace ?? ''),
        });
      }
      return waiting;
    },
    { what: 'every order to wait for an activity that fails', timeoutMs: 60_000, everyMs: 100 },
  );
}

/** The activity was quicker than its reset: there is nothing to wait for any more. */
function ignoreNotFound(error: unknown): void {
  if (!isGrpcServiceError(error) || error.code !== GRPC_NOT_FOUND) throw error;
}

/** The first line of a stack that lies in an activity, without the folder of the copy. */
function lineOfOurs(stack: string): string {
  const line = stack.split('\n').find((each) => each.includes('src/activities/')) ?? '';
  return line.replace(/\(?(file:\/\/)?\/\S*\/(?=src\/activities)/, '(').trim();
}

/** Lets every waiting activity try again now. A create is never among them: it does not wait, and resetting it would send it twice. */
async function resetBackOff({ client }: Stage, ids: readonly string[]): Promise<void> {
  for (const orderId of ids) {
    const { raw } = await client.workflow.getHandle(orderId).describe();
    for (const { activityId, activityType, state } of raw.pendingActivities ?? []) {
      // One that runs already needs no reset: its answer would be thrown away, and waited for in vain.
      const waits = state === PENDING_ACTIVITY_STATE_SCHEDULED;
      if (!waits || activityType?.name === 'createTicket' || !activityId) continue;
      await client.workflowService
        .resetActivity({ namespace: client.options.namespace, execution: { workflowId: orderId }, id: activityId })
        .catch(ignoreNotFound);
    }
  }
}
