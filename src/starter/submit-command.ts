import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { follow } from './follow.ts';
import type { Kind, Submitted } from './kind.ts';
import { endingJson, endingLine, SUBMISSION_TEXTS } from './lines.ts';
import type { Session } from './session.ts';

interface SubmitCommand<Input, Result, Progress> {
  readonly kind: Kind<Input, Result, Progress>;
  readonly taskQueue: string;
  readonly ids: readonly string[];
  readonly input: Input;
  /** Whether to print one line of JSON for each submission instead of lines for people. */
  readonly json: boolean;
  /** Whether to wait until all have ended. */
  readonly wait: boolean;
  /**
   * Whether to print each id on stderr as soon as it is submitted, so that a user who is cut off can submit it again.
   */
  readonly announce: boolean;
}

const MAX_SUBMISSIONS_AT_ONCE = 20;

/** `temporal.api.enums.v1.TaskQueueType` of Temporal's API. */
const WORKFLOW_TASK_QUEUE = 1;
const DESCRIBE_TIMEOUT_MS = 10_000;

/**
 * Submits orders or transfers, shows their progress, and prints how each ended.
 * @returns the exit code: 0 when all succeeded (without waiting: when all were submitted), 1 otherwise
 */
export async function submitCommand<Input, Result, Progress>(
  session: Session,
  command: SubmitCommand<Input, Result, Progress>,
): Promise<number> {
  const { client, output } = session;
  const { kind, taskQueue, ids, input, json, wait } = command;
  const submitted = await submitAll(session, command);
  const allSubmitted = submitted.length === ids.length;
  if (!wait) {
    for (const { id, submissionResult } of submitted) {
      output.print(
        json
          ? JSON.stringify({ [kind.idField]: id, submitted: submissionResult })
          : `${id} ${SUBMISSION_TEXTS[submissionResult]}`,
      );
    }
    if (!json && submitted.length > 0) {
      output.print(
        kind.checkAgain(
          submitted.map(({ id }) => id),
          input,
        ),
      );
    }
    return allSubmitted ? 0 : 1;
  }
  if (submitted.length === 0) return 1;
  if (!(await hasWorker(client, taskQueue))) {
    output.note(
      `no worker is polling the task queue ${taskQueue}; the ${kind.name}s will wait for one (npm run worker)`,
    );
  }
  const exitCode = await follow(session, { kind, input, submitted, json });
  return allSubmitted ? exitCode : 1;
}

/** Submits all ids and prints the failures. Returns what was submitted. */
async function submitAll<Input, Result, Progress>(
  { client, output }: Session,
  { kind, taskQueue, ids, input, json, wait, announce }: SubmitCommand<Input, Result, Progress>,
): Promise<readonly Submitted<Result>[]> {
  const limit = pLimit(MAX_SUBMISSIONS_AT_ONCE);
  const width = Math.max(...ids.map((id) => id.length));
  const submitOne = async (id: string): Promise<readonly Submitted<Result>[]> => {
    try {
      const submitted = await kind.submit(client, taskQueue, id, input);
      if (wait && announce) output.note(`${id} ${SUBMISSION_TEXTS[submitted.submissionResult]}`);
      return [submitted];
    } catch (error) {
      const ending = { kind: 'no result', ...kind.submissionFailure(error) } as const;
      output.print(
        json ? endingJson(kind, id, ending) : endingLine(kind, { id, submissionResult: 'started' }, ending, width),
      );
      return [];
    }
  };
  return (await Promise.all(ids.map((id) => limit(() => submitOne(id))))).flat();
}

async function hasWorker(client: Client, taskQueue: string): Promise<boolean> {
  const { pollers } = await client.withDeadline(Date.now() + DESCRIBE_TIMEOUT_MS, () =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: WORKFLOW_TASK_QUEUE,
    }),
  );
  return (pollers ?? []).length > 0;
}
