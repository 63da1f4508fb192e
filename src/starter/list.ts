import type { Client } from '@temporalio/client';
import { describeWorkflow } from 'exactly-one/client';
import pLimit from 'p-limit';
import { counted } from '../contracts/counted.ts';
import { roughDurationText } from '../contracts/times.ts';
import { textTable } from '../platform/terminal/text-table.ts';
import { unlessAborted } from './detach.ts';
import { during } from './during.ts';
import { endingOf } from './ending.ts';
import { createInspect, type Inspect, isAtWork, isOpen } from './inspection.ts';
import type { Kind } from './kind.ts';
import type { Listed } from './listed.ts';
import { createLiveView } from './live-view.ts';
import type { Session } from './session.ts';
import { timesJson } from './status.ts';
import { takeWanted } from './take-wanted.ts';
import { waitSummary } from './wait-text.ts';
import { waitingSince } from './waiting-since.ts';
import { linkQuery, listQuery } from './workflow-queries.ts';

/** The most that one list shows, and looks at. */
export const MAX_LISTED = 1_000;

interface ListCommand<Result, Progress> {
  readonly kind: Kind<never, Result, Progress>;
  /** Whether to list only those that wait. */
  readonly waiting: boolean;
  /** Instead of those that wait at this moment: those that have waited at least this long. */
  readonly forMs?: number;
  readonly limit: number;
  readonly json: boolean;
}

const MAX_AT_ONCE = 20;

/**
 * Lists orders or transfers, running ones first, then the newest: their state, age and result, and what they wait for. It
 * works without search attributes, too.
 * @returns the exit code 0, or 1 when the user stopped it
 */
export async function listCommand<Result, Progress>(
  session: Session,
  { kind, waiting, forMs, limit, json }: ListCommand<Result, Progress>,
): Promise<number> {
  const { client, taskQueue, output, detach, temporalUi } = session;
  const which = { workflowType: kind.workflowType, taskQueue, onlyOpen: waiting };
  const query = listQuery(which);
  const inspect = createInspect(client);
  const batchSize = waiting ? Math.max(limit, MAX_AT_ONCE) : limit;
  const listing = takeWanted(idsOf(client, query, batchSize), {
    lookAt: async (ids) => {
      const found = await listedOf(client, inspect, kind, ids);
      return forMs === undefined ? found : withWaitingSince(client, kind, found);
    },
    isWanted: (each) =>
      forMs === undefined
        ? !waiting || !each.waits.every(isAtWork)
        : isOpen(each.described) && Date.now() - beganMs(each) >= forMs,
    limit,
    batchSize,
    maxLookedAt: MAX_LISTED,
    signal: detach,
  });
  const asking = unlessAborted(listing, detach);
  const listed = await during(
    createLiveView(output.stdout),
    `asking Temporal and the workers about ${kind.name}s`,
    asking,
  );
  if (listed === 'aborted') {
    listing.catch(() => undefined);
    return 1;
  }
  const shown = listed.taken.toSorted(byAge);
  if (json) {
    for (const each of shown) output.print(JSON.stringify(listedJson(kind, each)));
    return 0;
  }
  const where = `on the task queue ${taskQueue} in the namespace ${client.options.namespace}`;
  const among = waiting && listed.ended === 'too many' ? ` among the newest ${MAX_LISTED} that run` : '';
  if (shown.length === 0) {
    output.note(`no ${kind.name} ${waiting ? 'is waiting' : 'was submitted'}${among} ${where}`);
    return 0;
  }
  for (const line of tableOf(kind, shown, output.columns())) output.print(line);
  if (waiting && listed.ended !== 'complete') {
    output.note(among === '' ? 'there may be more; --limit shows more' : `these are the ones${among}`);
  } else if (listed.ended !== 'complete') {
    const { count } = await client.workflow.count(query);
    if (count > limit) output.note(`${limit} of ${counted(count, kind.name)}; --limit shows more`);
  }
  const link = (await temporalUi())?.workflows(linkQuery(which));
  if (link !== undefined) output.note(`Temporal UI: ${link}`);
  return 0;
}

/** The ids of workflows, the newest first. An order that was submitted again has several runs. */
async function* idsOf(client: Client, query: string, pageSize: number): AsyncGenerator<string> {
  for await (const { workflowId } of client.workflow.list({ query, pageSize })) yield workflowId;
}

async function listedOf<Result, Progress>(
  client: Client,
  inspect: Inspect,
  kind: Kind<never, Result, Progress>,
  workflowIds: readonly string[],
): Promise<readonly Listed<Result, Progress>[]> {
  const atMost = pLimit(MAX_AT_ONCE);
  const all = workflowIds.map((workflowId) => atMost(() => listedOne(client, inspect, kind, workflowId)));
  return (await Promise.all(all)).flat();
}

/** Running ones first, then the newest. */
function byAge(one: Listed<unknown, unknown>, other: Listed<unknown, unknown>): number {
  return Number(isOpen(other.described)) - Number(isOpen(one.described)) || beganMs(other) - beganMs(one);
}

/** When it began to wait, or else its latest run. */
function beganMs({ waitingSinceMs, described }: Listed<unknown, unknown>): number {
  return waitingSinceMs ?? described.startTime.getTime();
}

async function withWaitingSince<Result, Progress>(
  client: Client,
  kind: Kind<never, Result, Progress>,
  listed: readonly Listed<Result, Progress>[],
): Promise<readonly Listed<Result, Progress>[]> {
  const open = listed.filter(({ described }) => isOpen(described)).map(({ described }) => described);
  const since = await waitingSince(client, kind, open);
  return listed.map((each) => {
    const waitingSinceMs = since.get(each.described.workflowId);
    return waitingSinceMs === undefined ? each : { ...each, waitingSinceMs };
  });
}

/** Nothing if it has been deleted in the meantime. */
async function listedOne<Result, Progress>(
  client: Client,
  inspect: Inspect,
  kind: Kind<never, Result, Progress>,
  workflowId: string,
): Promise<readonly Listed<Result, Progress>[]> {
  const described = await describeWorkflow(client, workflowId);
  const id = kind.idOf(workflowId);
  if (described === undefined || id === undefined) return [];
  const summary = (await described.staticSummary()) ?? '';
  if (isOpen(described)) {
    return [{ id, described, summary, ending: undefined, ...(await inspect(kind, id, described)) }];
  }
  const ending = await endingOf(kind, client.workflow.getHandle<() => Promise<Result>>(workflowId));
  return [{ id, described, summary, ending, progress: undefined, waits: [] }];
}

function tableOf<Result, Progress>(
  kind: Kind<never, Result, Progress>,
  listed: readonly Listed<Result, Progress>[],
  columns: number | undefined,
): readonly string[] {
  const nowMs = Date.now();
  const titles = [
    { title: kind.name.toUpperCase() },
    { title: 'STATE' },
    ...kind.listColumns,
    { title: 'AGE', align: 'right' } as const,
    { title: `${kind.resultTitle} / WAITING FOR` },
  ];
  const rows = listed.map((each) => [
    each.id,
    stateOf(kind, each),
    ...kind.listColumns.map(({ cell }) => cell(each)),
    roughDurationText(nowMs - beganMs(each)),
    outcomeOf(kind, each, nowMs),
  ]);
  return textTable(titles, rows, columns);
}

/** In a word or two: `settling`, `completed`, `given up`. */
function stateOf<Result, Progress>(
  kind: Kind<never, Result, Progress>,
  { ending, progress }: Listed<Result, Progress>,
): string {
  if (ending === undefined) return progress === undefined ? 'running' : kind.progressText(progress).step;
  if (ending.kind === 'result') return kind.resultState(ending.result);
  return ending.code
    .replace(/^(ORDER|TRANSFER)_/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
}

/** The result, why there is none, or what is waited for. */
function outcomeOf<Result, Progress>(
  kind: Kind<never, Result, Progress>,
  { ending, waits }: Listed<Result, Progress>,
  nowMs: number,
): string {
  const [wait] = waits;
  if (ending === undefined) return wait === undefined ? '' : waitSummary(wait, nowMs);
  if (ending.kind === 'result') return kind.resultCell(ending.result);
  return `${kind.failures.headline(ending.code)}: ${ending.error}`;
}

function listedJson<Result, Progress>(kind: Kind<never, Result, Progress>, listed: Listed<Result, Progress>): object {
  const { id, described, ending, waits, waitingSinceMs } = listed;
  return {
    [kind.idField]: id,
    run: described.status.name.toLowerCase(),
    runId: described.runId,
    state: stateOf(kind, listed),
    ...kind.listJson(listed),
    ...timesJson({ startedAtMs: described.startTime.getTime(), closedAtMs: described.closeTime?.getTime(), waits }),
    ...(waitingSinceMs === undefined ? {} : { waitingSince: new Date(waitingSinceMs).toISOString() }),
    ...(ending?.kind === 'no result' ? { error: ending.error, code: ending.code } : {}),
  };
}
