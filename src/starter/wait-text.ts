import { clockText, durationText } from '../contracts/times.ts';
import { pendingText } from './pending.ts';
import type { Wait } from './wait.ts';

/** What a workflow waits for, for people: one line, and further lines that explain it. */
export interface WaitText {
  readonly line: string;
  readonly more: readonly string[];
}

/**
 * @param subject what waits: `order` or `transfer`
 * @param nowMs epoch milliseconds
 */
export function waitText(wait: Wait, subject: string, nowMs: number): WaitText {
  switch (wait.kind) {
    case 'workflow task':
      return {
        line: `a fix: its workflow task fails, attempt ${wait.attempt}, last: ${wait.error}`,
        more: [
          ...at(wait.at),
          `the ${subject} has not failed: Temporal repeats the task until the code of the workflow is right`,
        ],
      };
    case 'repeated workflow task':
      return {
        line: `attempt ${wait.attempt} of its workflow task: an earlier one timed out`,
        more: ['its worker was killed or stopped, or does not respond; Temporal gives the task to another one'],
      };
    case 'worker':
      return { line: workerLine(wait, nowMs), more: ['start one: npm run worker'] };
    case 'activity':
      return {
        line: pendingText({ ...wait, lastFailure: wait.error }),
        more: [...activityTimes(wait, nowMs), ...at(wait.at)],
      };
    case 'fence':
      return {
        line: `the fence${timeText('until', wait.untilMs, nowMs)}`,
        more: ['a create may still commit: it checks for a ticket until the fence has passed'],
      };
    case 'next create':
      return { line: `the next create${timeText('at', wait.untilMs, nowMs)}`, more: [] };
    case 'final check':
      return {
        line: `its final check${timeText('at', wait.untilMs, nowMs)}`,
        more: ['a late ticket may still appear'],
      };
  }
}

/** The same in a few words, for a line of a list or of a command that waits. */
export function waitSummary(wait: Wait, nowMs: number): string {
  switch (wait.kind) {
    case 'workflow task':
      return `its workflow task fails: ${wait.error}`;
    case 'repeated workflow task':
      return `attempt ${wait.attempt} of its workflow task: an earlier one timed out`;
    case 'worker':
      return wait.lastPoller === undefined
        ? `no worker polls the task queue ${wait.taskQueue} (npm run worker)`
        : `no worker responds on the task queue ${wait.taskQueue} (npm run worker)`;
    case 'activity':
      return activitySummary(wait, nowMs);
    case 'fence':
    case 'next create':
    case 'final check':
      return waitText(wait, '', nowMs).line;
  }
}

function workerLine({ taskQueue, readySinceMs, lastPoller }: Wait & { kind: 'worker' }, nowMs: number): string {
  if (lastPoller === undefined) return `a worker: none polls the task queue ${taskQueue}`;
  const problem =
    readySinceMs === undefined
      ? 'none has responded to a query'
      : `none has taken its task for ${durationText(nowMs - readySinceMs)}`;
  const lastPollMs = nowMs - lastPoller.lastPollMs;
  return `a worker: ${problem}; the last one to poll the task queue ${taskQueue} was ${lastPoller.identity}, ${durationText(lastPollMs)} ago`;
}

type ActivityWait = Wait & { kind: 'activity' };

function activityTimes({ state, startedMs, endsByMs, nextAttemptMs }: ActivityWait, nowMs: number): readonly string[] {
  if (state === 'paused') return ["paused by somebody: unpause it in Temporal's UI"];
  if (nextAttemptMs !== undefined) return [`next attempt${inAndAt(nextAttemptMs, nowMs)}`];
  if (startedMs === undefined) return [];
  const ends = endsByMs === undefined ? '' : `, until ${clockText(endsByMs, nowMs)} at the latest`;
  return [`under way for ${durationText(nowMs - startedMs)}${ends}`];
}

function activitySummary(wait: ActivityWait, nowMs: number): string {
  const { activity, attempt, state, endsByMs, nextAttemptMs, error, cause = error } = wait;
  const name = activity === 'createTicket' ? 'create' : activity;
  if (error === undefined && state === 'running') {
    return `${name} under way${endsByMs === undefined ? '' : ` until ${clockText(endsByMs, nowMs)}`}`;
  }
  const next = nextAttemptMs === undefined ? '' : ` · next ${nextText(nextAttemptMs - nowMs)}`;
  const paused = state === 'paused' ? ' (paused)' : '';
  return `${name} attempt ${attempt}${paused}${cause === undefined ? '' : `: ${withoutRequest(cause)}`}${next}`;
}

function nextText(inMs: number): string {
  return isDue(inMs) ? 'now' : `in ${durationText(inMs)}`;
}

/** What was read a moment ago may be due by now. */
function isDue(inMs: number): boolean {
  return inMs < 100;
}

/** The reason of an error comes first: there is little room, and the status shows the request as well. */
function withoutRequest(error: string): string {
  return error.replace(/^[A-Z]+ https?:\S+?(?:: | (?=responded ))(?=\S)/, '');
}

function inAndAt(atMs: number, nowMs: number): string {
  if (isDue(atMs - nowMs)) return ' now';
  return ` in ${durationText(atMs - nowMs)}, at ${clockText(atMs, nowMs)}`;
}

function timeText(preposition: 'at' | 'until', atMs: number | undefined, nowMs: number): string {
  if (atMs === undefined) return '';
  return `, ${preposition} ${clockText(atMs, nowMs)}${atMs > nowMs ? ` (in ${durationText(atMs - nowMs)})` : ''}`;
}

function at(line: string | undefined): readonly string[] {
  return line === undefined ? [] : [`at ${line}`];
}
