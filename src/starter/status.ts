import type { Client } from '@temporalio/client';
import { describeWorkflow } from 'exactly-one/client';
import { clockText, durationText } from '../contracts/times.ts';
import { during } from './during.ts';
import { type Ending, endingOf } from './ending.ts';
import type { Found } from './find-workflow.ts';
import { createInspect, isOpen } from './inspection.ts';
import type { Kind, Row } from './kind.ts';
import { createLiveView } from './live-view.ts';
import { rowLines } from './rows.ts';
import type { Session } from './session.ts';
import { createWaits, type Wait } from './wait.ts';
import { waitText } from './wait-text.ts';

/** Where an order or a transfer stands, as Temporal and the workflow itself report it. */
export interface Status<Result, Progress> {
  readonly id: string;
  /** Temporal's name for the status of the latest run, in lower case. */
  readonly run: string;
  readonly runId: string;
  /** Epoch milliseconds. */
  readonly startedAtMs: number;
  /** Epoch milliseconds; undefined while it is running. */
  readonly closedAtMs: number | undefined;
  readonly progress: Progress | undefined;
  /** Undefined while it is running. */
  readonly ending: Ending<Result> | undefined;
  /** What keeps it from going on comes first; none once it has ended. */
  readonly waits: readonly Wait[];
  readonly lateWatch: LateWatch | undefined;
}

interface LateWatch {
  readonly run: string;
  readonly waits: readonly Wait[];
}

/**
 * Prints the status of an order or a transfer: how it ended, or what it waits for and why, and its progress.
 * @returns the exit code 0
 */
export async function statusCommand<Result, Progress>(
  session: Session,
  found: Found<Result, Progress>,
  json: boolean,
): Promise<number> {
  const { kind, id } = found;
  const { output } = session;
  const asking = Promise.all([statusOf(session, found), session.temporalUi()]);
  const [status, ui] = await during(
    createLiveView(output.stdout),
    `asking Temporal and the worker about ${id}`,
    asking,
  );
  const link = ui?.workflow(kind.workflowId(id), status.runId);
  if (json) {
    output.print(JSON.stringify({ ...kind.statusJson(status), ...timesJson(status), ui: link }));
    return 0;
  }
  const rows = [
    ...statusRows(kind, status, Date.now()),
    ['Temporal UI', link ?? 'address not known: set TEMPORAL_UI_URL'] as const,
  ];
  for (const line of rowLines(rows, output.columns())) output.print(line);
  return 0;
}

/** The status for people: the answer first, then how it came about. */
export function statusRows<Result, Progress>(
  kind: Kind<never, Result, Progress>,
  status: Status<Result, Progress>,
  nowMs: number,
): readonly Row[] {
  const { id, run, runId, startedAtMs, closedAtMs, waits, lateWatch, ending } = status;
  const started = clockText(startedAtMs, nowMs);
  return [
    [kind.name, id],
    ['run', `${run}, ${runId}`],
    closedAtMs === undefined
      ? ['started', `${started}, ${durationText(nowMs - startedAtMs)} ago`]
      : ['ended', `${clockText(closedAtMs, nowMs)}, after ${durationText(closedAtMs - startedAtMs)}`],
    ...(ending === undefined ? waits.flatMap((wait) => waitRows(wait, kind.name, nowMs)) : []),
    ...kind.statusRows(status),
    ['late watch', lateWatch?.run],
    ...(lateWatch?.waits ?? []).flatMap((wait) => waitRows(wait, 'late watch', nowMs)),
  ];
}

function waitRows(wait: Wait, subject: string, nowMs: number): readonly Row[] {
  const { line, more } = waitText(wait, subject, nowMs);
  return [['waiting for', line], ...more.map((each): Row => ['', each])];
}

/** The JSON of what all statuses and lists have. */
export function timesJson({
  startedAtMs,
  closedAtMs,
  waits,
}: Pick<Status<never, never>, 'startedAtMs' | 'closedAtMs' | 'waits'>): object {
  return {
    startedAt: new Date(startedAtMs).toISOString(),
    ...(closedAtMs === undefined ? {} : { closedAt: new Date(closedAtMs).toISOString() }),
    waitingFor: waits,
  };
}

async function statusOf<Result, Progress>(
  { client }: Session,
  { kind, id, described }: Found<Result, Progress>,
): Promise<Status<Result, Progress>> {
  const handle = client.workflow.getHandle<() => Promise<Result>>(kind.workflowId(id));
  const watchId = kind.lateWatchId?.(id, described.runId);
  const [{ progress, waits }, ending, lateWatch] = await Promise.all([
    createInspect(client)(kind, id, described),
    isOpen(described) ? undefined : endingOf(kind, handle),
    watchId === undefined ? undefined : lateWatchOf(client, watchId),
  ]);
  return {
    id,
    run: described.status.name.toLowerCase(),
    runId: described.runId,
    startedAtMs: described.startTime.getTime(),
    closedAtMs: described.closeTime?.getTime(),
    progress,
    ending,
    waits,
    lateWatch,
  };
}

async function lateWatchOf(client: Client, watchId: string): Promise<LateWatch | undefined> {
  const watch = await describeWorkflow(client, watchId);
  if (watch === undefined) return undefined;
  const waits = isOpen(watch) ? await createWaits(client).waitsOf(watch) : [];
  return { run: watch.status.name.toLowerCase(), waits };
}
