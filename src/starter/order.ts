import type { Client, WorkflowHandle } from '@temporalio/client';
import { lateWatchId } from 'exactly-one';
import { submit } from 'exactly-one/client';
import { counted } from '../contracts/counted.ts';
import { failures } from '../contracts/failures.ts';
import { orderIdProblem } from '../contracts/ids.ts';
import type { OrderInput, OrderProgress, OrderResult } from '../contracts/order.ts';
import { IN_PROGRESS, orderSearchAttributes } from '../contracts/search-attributes.ts';
import { messages, workflowTypes } from '../contracts/workflow-names.ts';
import { isOrderProgress, isOrderResult } from '../contracts/workflow-results.ts';
import { clockProblem } from './clocks.ts';
import type { Ending, EndingCode } from './ending.ts';
import { randomPart } from './ids.ts';
import type { Kind, Row, SubmitOptions, Submitted } from './kind.ts';
import type { Listed } from './listed.ts';
import { pendingActivities } from './pending.ts';
import { claimOf, claimRows } from './resolution.ts';
import type { Status } from './status.ts';
import type { Wait } from './wait.ts';

/** A workflow by the name of its type: the starter does not import workflow code. */
type ProcessOrder = (input: OrderInput) => Promise<OrderResult>;

/**
 * Submits an order. Submitting the same order again, while it runs or long after, leads to the same ticket. A run that
 * follows one without a result is started as `resumed`, because its fence must cover what the other left in flight.
 * @throws an error of the client when Temporal does not respond
 */
export async function submitOrder(
  client: Client,
  taskQueue: string,
  orderId: string,
  { searchAttributes = true }: SubmitOptions = {},
): Promise<Submitted<OrderResult>> {
  const { result: submissionResult } = await submit<ProcessOrder>(client, {
    ...{ workflow: workflowTypes.processOrder, workflowId: orderId, taskQueue },
    input: { orderId },
    summary: `order ${orderId}`,
    ...(searchAttributes ? { searchAttributes: [{ key: orderSearchAttributes.phase, value: IN_PROGRESS }] } : {}),
  });
  const handle: WorkflowHandle<() => Promise<OrderResult>> = client.workflow.getHandle(orderId);
  return { id: orderId, handle, submissionResult };
}

/** After any other failure it is unknown whether there is a ticket. */
const NO_TICKET: readonly EndingCode[] = ['ORDER_REJECTED', 'ORDER_INVALID', 'CANCELLED'];

/** An order's id is also its workflow id. */
export const orderKind: Kind<undefined, OrderResult, OrderProgress> = {
  name: 'order',
  idField: 'orderId',
  ids: {
    givenAs: 'order ids',
    expand: (given) => (/^\d+$/.test(given) ? `order-${given}` : given),
    problem: orderIdProblem,
    random: () => `order-${randomPart()}`,
  },
  workflowType: workflowTypes.processOrder,
  workflowId: (orderId) => orderId,
  idOf: (workflowId) => (orderIdProblem(workflowId) === undefined ? workflowId : undefined),
  lateWatchId,

  submit: (client, taskQueue, orderId, _, options) => submitOrder(client, taskQueue, orderId, options),
  submissionFailure: (error) => {
    // An order can always be submitted again, so the command may simply fail.
    throw error;
  },

  isResult: isOrderResult,
  isProgress: isOrderProgress,
  isSuccess: () => true,
  isCancelled: (ending) => ending.kind === 'no result' && ending.code === 'CANCELLED',
  failures: {
    cancelled: 'the order was cancelled and has no ticket',
    terminated: 'the order was terminated, so it may or may not have a ticket; submit it again to find out',
    codes: {
      [failures.orderRejected]: 'ORDER_REJECTED',
      [failures.orderInvalid]: 'ORDER_INVALID',
      [failures.orderCancelled]: 'CANCELLED',
      [failures.givenUp]: 'GIVEN_UP',
      [failures.resolvedWithoutTicket]: 'RESOLVED_WITHOUT_TICKET',
    },
    headline: (code) => (NO_TICKET.includes(code) ? 'no ticket' : 'unknown'),
  },
  resultText: ({ ticketId, createAttempts, voidedTicketIds, cancellation, resolution }) => ({
    headline: ticketId,
    remarks: [
      resolution !== undefined
        ? `as ${resolution.by} says: ${resolution.reason}`
        : createAttempts === 0
          ? 'found an existing ticket'
          : counted(createAttempts, 'create'),
      ...(voidedTicketIds.length === 0 ? [] : [`${voidedTicketIds.length} voided`]),
      ...(cancellation === undefined ? [] : [`the cancellation ${cancellation}`]),
    ],
  }),

  progressQuery: messages.orderProgress,
  progressText: ({ phase, createAttempts, outcomes }) => ({
    step: createAttempts > 0 ? `${phase}, create ${createAttempts}` : phase,
    last: outcomes.at(-1),
  }),

  progressWait,

  statusRows,
  statusJson: ({ id, run, runId, progress, ending, waits, lateWatch }) => ({
    orderId: id,
    run,
    runId,
    progress,
    ending: ending && endingForStatus(id, ending),
    resolution: claimOf(ending),
    pending: pendingActivities(waits),
    lateWatch: lateWatch?.run,
  }),

  listColumns: [{ title: 'CREATES', align: 'right', cell: (listed) => String(createAttemptsOf(listed) ?? '') }],
  listJson: (listed) => ({
    createAttempts: createAttemptsOf(listed),
    ...(listed.ending?.kind === 'result' ? { ticketId: listed.ending.result.ticketId } : {}),
    resolution: claimOf(listed.ending),
  }),
  resultTitle: 'TICKET',
  resultCell: ({ ticketId, resolution }) =>
    resolution === undefined ? ticketId : `${ticketId}, as ${resolution.by} says`,
  resultState: ({ resolution }) => (resolution === undefined ? 'completed' : 'resolved'),

  checkedBeforeCancelling: 'for tickets',
  checkAgain: (orderIds) => {
    const all = orderIds.slice(0, 5).join(' ') + (orderIds.length > 5 ? ' …' : '');
    return `check again:  npm run starter -- status ${orderIds[0] ?? ''}\nor wait:      npm run starter -- order ${all}`;
  },
};

/** From the result, the query, or else the search attribute; undefined when none of them says it. */
function createAttemptsOf({ ending, progress, described }: Listed<OrderResult, OrderProgress>): number | undefined {
  if (ending?.kind === 'result') return ending.result.createAttempts;
  return progress?.createAttempts ?? described.typedSearchAttributes.get(orderSearchAttributes.createAttempts);
}

function progressWait({ phase, untilMs }: OrderProgress, nowMs: number): Wait | undefined {
  const until = untilMs === undefined ? {} : { untilMs };
  switch (phase) {
    case 'settling':
      return { kind: 'fence', ...until };
    case 'validating':
      // Only a check between two pauses of settling has a time.
      return untilMs === undefined || untilMs <= nowMs ? undefined : { kind: 'fence', untilMs };
    case 'backing off':
      return { kind: 'next create', ...until };
    case 'final check':
      return { kind: 'final check', ...until };
    default:
      return undefined;
  }
}

function statusRows({ progress, ending, lateWatch }: Status<OrderResult, OrderProgress>): readonly Row[] {
  const claim = claimOf(ending);
  return [
    ...(claim === undefined ? endingRows(ending) : claimRows(claim, lateWatch?.run, Date.now())),
    ['phase', ending === undefined && progress ? `${progress.phase}: ${progress.detail}` : undefined],
    ['reservation', progress?.reservationId],
    ['guarantee', progress?.guarantee],
    ['creates', progress && String(progress.createAttempts)],
    ...repeatedOnce(progress?.outcomes ?? []).map((outcome): Row => ['', outcome]),
    ['voided', progress?.voidedTicketIds.join(', ') || undefined],
    ['fence', progress?.fenceMs === undefined ? undefined : new Date(progress.fenceMs).toISOString()],
    ['clocks', ending === undefined ? clockProblem(progress?.outcomes ?? []) : undefined],
    ['cancellation', progress?.cancelRequested ? 'requested' : undefined],
  ];
}

function endingRows(ending: Ending<OrderResult> | undefined): readonly Row[] {
  return [ending?.kind === 'no result' ? ['result', ending.error] : ['ticket', ending?.result.ticketId]];
}

/** The same outcome several times in a row is one line: `unknown: timed out (3 times)`. */
function repeatedOnce(outcomes: readonly string[]): readonly string[] {
  const groups: { outcome: string; times: number }[] = [];
  for (const outcome of outcomes) {
    const last = groups.at(-1);
    if (last?.outcome === outcome) last.times += 1;
    else groups.push({ outcome, times: 1 });
  }
  return groups.map(({ outcome, times }) => (times === 1 ? outcome : `${outcome} (${times} times)`));
}

/** The JSON of a status is a machine format and speaks of tickets: `ticket`, `no ticket` or, where nobody knows, `unknown`. */
function endingForStatus(orderId: string, ending: Ending<OrderResult>): object {
  if (ending.kind === 'result') return { ...ending, kind: 'ticket' };
  return { kind: orderKind.failures.headline(ending.code), orderId, error: ending.error, code: ending.code };
}
