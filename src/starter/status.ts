import { cut } from '../contracts/secrets.ts';
import { describeWorkflow } from './describe-workflow.ts';
import { type Ending, endingOf } from './ending.ts';
import type { Kind, Row } from './kind.ts';
import { progressOf } from './progress.ts';
import { runStatus } from './resubmission.ts';
import { notFound, type Session } from './session.ts';

/** Where an order or a transfer stands, as Temporal and the workflow itself report it. */
export interface Status<Result, Progress> {
  readonly id: string;
  /** Temporal's name for the status of the latest run, in lower case. */
  readonly run: string;
  readonly runId: string;
  readonly progress: Progress | undefined;
  /** Undefined while it is running. */
  readonly ending: Ending<Result> | undefined;
  readonly pending: readonly PendingActivity[];
  readonly lateWatch: string | undefined;
}

interface PendingActivity {
  readonly activity: string;
  readonly attempt: number;
  readonly lastFailure: string | undefined;
}

const LABEL_WIDTH = 13;

/** The most characters of a failure that are shown. */
const MAX_FAILURE_LENGTH = 500;

/**
 * Prints the status of an order or a transfer: its run, its progress, its pending activities and their last failure.
 * @returns the exit code: 0, or 1 when the id does not exist
 */
export async function statusCommand<Result, Progress>(
  session: Session,
  kind: Kind<never, Result, Progress>,
  id: string,
  json: boolean,
): Promise<number> {
  const status = await statusOf(session, kind, id);
  if (status === undefined) return notFound(session, kind, id);
  if (json) {
    session.output.print(JSON.stringify(kind.statusJson(status)));
    return 0;
  }
  const rows: readonly Row[] = [
    [kind.name, id],
    ['run', `${status.run}, ${status.runId}`],
    ...kind.statusRows(status),
    ...status.pending.map((each): Row => ['waiting for', pendingText(each)]),
    ['late watch', status.lateWatch],
  ];
  for (const [label, value] of rows) {
    if (value !== undefined) session.output.print(`${label.padEnd(LABEL_WIDTH)} ${value}`);
  }
  return 0;
}

/** `getToken, attempt 3, last: connect ECONNREFUSED 127.0.0.1:3001` */
export function pendingText({ activity, attempt, lastFailure }: PendingActivity): string {
  return `${activity}, attempt ${attempt}${lastFailure === undefined ? '' : `, last: ${lastFailure}`}`;
}

async function statusOf<Result, Progress>(
  { client }: Session,
  kind: Kind<never, Result, Progress>,
  id: string,
): Promise<Status<Result, Progress> | undefined> {
  const handle = client.workflow.getHandle<() => Promise<Result>>(kind.workflowId(id));
  const described = await describeWorkflow(client, handle.workflowId);
  if (described === undefined) return undefined;
  const { status, runId, raw } = described;
  const watchId = kind.lateWatchId?.(id, runId);
  const [progress, ending, watch] = await Promise.all([
    progressOf(client, kind, id),
    runStatus(status.name) === 'running' ? undefined : endingOf(kind, handle),
    watchId === undefined ? undefined : describeWorkflow(client, watchId),
  ]);
  const pending = (raw.pendingActivities ?? []).map(
    (each): PendingActivity => ({
      activity: each.activityType?.name ?? 'an activity',
      attempt: each.attempt ?? 1,
      lastFailure: each.lastFailure?.message ? cut(each.lastFailure.message, MAX_FAILURE_LENGTH) : undefined,
    }),
  );
  return {
    id,
    run: status.name.toLowerCase(),
    runId,
    progress,
    ending,
    pending,
    lateWatch: watch?.status.name.toLowerCase(),
  };
}
