import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { runStatus } from 'exactly-one';
import pLimit from 'p-limit';
import { CLAIM_MEMO, type Claim, type OrderResult } from '../contracts/order.ts';
import { isClaim } from '../contracts/workflow-results.ts';
import { endingOf } from './ending.ts';
import { orderKind } from './order.ts';
import { listQuery } from './workflow-queries.ts';

/** How orders stand, as Temporal knows it. Each order counts once, by its latest run. */
export interface AuditedOrders {
  readonly orders: number;
  /** Completed with the one ticket that they found. */
  readonly oneTicket: number;
  /** Closed without a ticket, after finding out that there is none. */
  readonly noTicket: number;
  /** Ended by what a person said. It proves nothing, so they count as neither. */
  readonly claims: readonly OrderClaim[];
  /** Closed, and nobody knows whether there is a ticket. */
  readonly unknown: number;
  readonly open: number;
}

export type OrderClaim = Claim & { readonly orderId: string };

type Standing = Exclude<keyof AuditedOrders, 'orders' | 'claims'>;

type Run = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'startTime' | 'status' | 'memo'>;

const PAGE_SIZE = 1_000;
const MAX_AT_ONCE = 20;

/** Counts the orders of a task queue. It needs no search attributes. */
export async function auditedOrders(client: Client, taskQueue: string): Promise<AuditedOrders> {
  const query = listQuery({ workflowType: orderKind.workflowType, taskQueue, onlyOpen: false });
  const hasFoundOut = async ({ workflowId, runId }: Run) => {
    const handle = client.workflow.getHandle<() => Promise<OrderResult>>(workflowId, runId, { followRuns: false });
    const ending = await endingOf(orderKind, handle);
    return ending.kind === 'no result' && orderKind.failures.headline(ending.code) === 'no ticket';
  };
  return countOrders(client.workflow.list({ query, pageSize: PAGE_SIZE }), hasFoundOut);
}

/**
 * @param runs in any order
 * @param hasFoundOut whether a run that failed knew that there is no ticket
 */
export async function countOrders(
  runs: AsyncIterable<Run> | Iterable<Run>,
  hasFoundOut: (run: Run) => Promise<boolean>,
): Promise<AuditedOrders> {
  const latest = new Map<string, Run>();
  for await (const run of runs) {
    const known = latest.get(run.workflowId);
    if (known === undefined || known.startTime < run.startTime) latest.set(run.workflowId, run);
  }
  const counts: Record<Standing, number> = { oneTicket: 0, noTicket: 0, unknown: 0, open: 0 };
  const claims: OrderClaim[] = [];
  const atMost = pLimit(MAX_AT_ONCE);
  const counting = [...latest.values()].map((run) =>
    atMost(async () => {
      const claim = claimIn(run);
      if (claim === undefined) counts[await standingOf(run, hasFoundOut)] += 1;
      else claims.push({ orderId: run.workflowId, ...claim });
    }),
  );
  await Promise.all(counting);
  return { orders: latest.size, ...counts, claims: claims.toSorted((one, other) => one.atMs - other.atMs) };
}

function claimIn({ status, memo }: Run): Claim | undefined {
  const claim = memo?.[CLAIM_MEMO];
  return runStatus(status.name) !== 'running' && isClaim(claim) ? claim : undefined;
}

async function standingOf(run: Run, hasFoundOut: (run: Run) => Promise<boolean>): Promise<Standing> {
  const { name } = run.status;
  if (runStatus(name) === 'running') return 'open';
  if (name === 'COMPLETED') return 'oneTicket';
  if (name === 'CANCELLED') return 'noTicket';
  return name === 'FAILED' && (await hasFoundOut(run)) ? 'noTicket' : 'unknown';
}
