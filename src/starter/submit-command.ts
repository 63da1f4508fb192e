import pLimit from 'p-limit';
import { follow } from './follow.ts';
import type { Kind, Submitted } from './kind.ts';
import { ENDING_INDENT, endingJson, endingLine, SUBMISSION_TEXTS } from './lines.ts';
import type { Output } from './output.ts';
import { pollersOf } from './pollers.ts';
import type { Session } from './session.ts';
import { submittedQuery } from './workflow-queries.ts';

interface SubmitCommand<Input, Result, Progress> {
  readonly kind: Kind<Input, Result, Progress>;
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

/**
 * Submits orders or transfers, shows their progress, and prints how each ended.
 * @returns the exit code: 0 when all succeeded (without waiting: when all were submitted), 1 otherwise
 */
export async function submitCommand<Input, Result, Progress>(
  session: Session,
  command: SubmitCommand<Input, Result, Progress>,
): Promise<number> {
  const { client, taskQueue, output } = session;
  const { kind, ids, input, json, wait } = command;
  const startedAtMs = Date.now();
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
      await printLink(session, output.print, kind, submitted, startedAtMs);
    }
    return allSubmitted ? 0 : 1;
  }
  if (submitted.length === 0) return 1;
  if ((await pollersOf(client, taskQueue)).length === 0) {
    output.note(
      `no worker is polling the task queue ${taskQueue}; the ${kind.name}${ids.length === 1 ? '' : 's'} will wait for one (npm run worker)`,
    );
  }
  if (!json && submitted.length > 1) await printLink(session, output.note, kind, submitted, startedAtMs);
  const exitCode = await follow(session, { kind, input, submitted, json });
  return allSubmitted ? exitCode : 1;
}

/** Where Temporal's UI shows what was submitted, if its address is known. */
async function printLink<Result>(
  { temporalUi }: Session,
  print: Output['print'],
  kind: Pick<Kind<never, Result, never>, 'workflowId' | 'workflowType'>,
  submitted: readonly Submitted<Result>[],
  startedAtMs: number,
): Promise<void> {
  const ids = submitted.map(({ id }) => kind.workflowId(id));
  const link = (await temporalUi())?.workflows(submittedQuery(kind.workflowType, ids, startedAtMs));
  if (link !== undefined) print(`Temporal UI:  ${link}`);
}

/** Submits all ids and prints the failures. Returns what was submitted. */
async function submitAll<Input, Result, Progress>(
  { client, taskQueue, searchAttributes, output }: Session,
  { kind, ids, input, json, wait, announce }: SubmitCommand<Input, Result, Progress>,
): Promise<readonly Submitted<Result>[]> {
  const limit = pLimit(MAX_SUBMISSIONS_AT_ONCE);
  const width = Math.max(...ids.map((id) => id.length));
  const submitOne = async (id: string): Promise<readonly Submitted<Result>[]> => {
    try {
      const submitted = await kind.submit(client, taskQueue, id, input, { searchAttributes });
      if (wait && announce) output.note(`${id} ${SUBMISSION_TEXTS[submitted.submissionResult]}`);
      return [submitted];
    } catch (error) {
      const ending = { kind: 'no result', ...kind.submissionFailure(error) } as const;
      if (json) output.print(endingJson(kind, id, ending));
      else output.say(endingLine(kind, { id, submissionResult: 'started' }, ending, width), ENDING_INDENT);
      return [];
    }
  };
  return (await Promise.all(ids.map((id) => limit(() => submitOne(id))))).flat();
}
