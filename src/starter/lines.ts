import type { SubmissionResult } from 'exactly-one/client';
import { colors } from '../platform/logging/colors.ts';
import type { Ending } from './ending.ts';
import type { Kind, Submitted } from './kind.ts';

/** The result of a submission for people. */
export const SUBMISSION_TEXTS: Readonly<Record<SubmissionResult, string>> = {
  started: 'started',
  resumed: 'resumed after a run that closed without a result',
  'was running': 'already exists (running)',
  'was completed': 'already exists (completed)',
};

/** What does not fit on the line of an ending goes on below its id, in columns. */
export const ENDING_INDENT = 2;

/** One line for people about how a workflow ended. */
export function endingLine<Result>(
  kind: Pick<Kind<never, Result, never>, 'isSuccess' | 'failures' | 'resultText'>,
  { id, submissionResult }: Pick<Submitted<Result>, 'id' | 'submissionResult'>,
  ending: Ending<Result>,
  width: number,
): string {
  const name = id.padEnd(width);
  if (ending.kind === 'no result') {
    return `${colors.red('✗')} ${name}  ${kind.failures.headline(ending.code)}  ${ending.error}`;
  }
  const { headline, details, remarks } = kind.resultText(ending.result);
  const mark = kind.isSuccess(ending.result) ? colors.green('✓') : colors.yellow('↩');
  const submission = submissionResult === 'started' ? [] : [SUBMISSION_TEXTS[submissionResult]];
  const columns = [
    name,
    colors.bold(headline),
    ...(details === undefined ? [] : [details]),
    colors.dim([...submission, ...remarks].join(', ')),
  ];
  return `${mark} ${columns.join('  ')}`;
}

/** The result, or the reason why there is none, as one line of JSON. */
export function endingJson<Result>(
  { idField }: Pick<Kind<never, Result, never>, 'idField'>,
  id: string,
  ending: Ending<Result>,
): string {
  if (ending.kind === 'result') return JSON.stringify(ending.result);
  const { error, code } = ending;
  return JSON.stringify({ [idField]: id, error, code });
}
