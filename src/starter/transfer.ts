import { errorMessages } from '../contracts/errors.ts';
import { failures } from '../contracts/failures.ts';
import { transferIdOf, transferIdProblem, transferWorkflowId } from '../contracts/ids.ts';
import { decimalOf } from '../contracts/money.ts';
import type { TransferProgress, TransferResult, TransferTerms } from '../contracts/transfer.ts';
import { messages, workflowTypes } from '../contracts/workflow-names.ts';
import { isTransferProgress, isTransferResult } from '../contracts/workflow-results.ts';
import type { EndingCode } from './ending.ts';
import { randomPart } from './ids.ts';
import type { Failure, Kind, ResultText, Row } from './kind.ts';
import type { Listed } from './listed.ts';
import { pendingActivities, pendingText } from './pending.ts';
import type { Status } from './status.ts';
import { submitTransfer, TransferIdReused } from './submit-transfer.ts';

/** After any other failure it is unknown where the money is. */
const NOTHING_MOVED: readonly EndingCode[] = [
  'TRANSFER_INVALID',
  'TRANSFER_REFUSED',
  'TRANSFER_ID_REUSED',
  'CANCELLED',
];

/** A transfer's workflow id is `transfer-<id>`. */
export const transferKind: Kind<TransferTerms, TransferResult, TransferProgress> = {
  name: 'transfer',
  idField: 'transferId',
  ids: {
    givenAs: '--id',
    expand: (given) => given,
    problem: transferIdProblem,
    random: () => randomPart(),
  },
  workflowType: workflowTypes.transferMoney,
  workflowId: transferWorkflowId,
  idOf: transferIdOf,

  submit: submitTransfer,
  submissionFailure,

  isResult: isTransferResult,
  isProgress: isTransferProgress,
  isSuccess: ({ status }) => status === 'completed',
  isCancelled: (ending) =>
    ending.kind === 'result' ? ending.result.status === 'refunded' : ending.code === 'CANCELLED',
  failures: {
    cancelled: 'the transfer was cancelled and no money was moved',
    terminated:
      'the transfer was terminated, so it is unknown where the money is; submit it again with its id to finish it',
    codes: {
      [failures.transferInvalid]: 'TRANSFER_INVALID',
      [failures.transferRefused]: 'TRANSFER_REFUSED',
      [failures.transferIdReused]: 'TRANSFER_ID_REUSED',
      [failures.transferUnresolved]: 'TRANSFER_UNRESOLVED',
    },
    headline: (code) => (NOTHING_MOVED.includes(code) ? 'not moved' : 'unknown'),
  },
  resultText,

  progressQuery: messages.transferProgress,
  progressText: ({ currentStep, remarks }) => ({ step: currentStep ?? 'between steps', last: remarks.at(-1) }),

  progressWait: () => undefined,

  statusRows,
  statusJson: ({ id, run, runId, progress, ending, waits }) => ({
    transferId: id,
    run,
    runId,
    progress,
    ending:
      ending?.kind === 'no result'
        ? { kind: ending.kind, transferId: id, error: ending.error, code: ending.code }
        : ending,
    pending: pendingActivities(waits).map(pendingText),
  }),

  listColumns: [{ title: 'TERMS', cell: termsOf }],
  listJson: (listed) => ({ terms: termsOf(listed) }),
  resultTitle: 'RESULT',
  resultCell: ({ reason }) => reason ?? '',
  resultState: ({ status }) => status,

  checkedBeforeCancelling: 'what was moved',
  checkAgain: (transferIds, { from, to, amountCents }) =>
    [
      `check again:  npm run starter -- status ${transferIds[0] ?? ''}`,
      ...transferIds.map(
        (id) => `or wait:      npm run starter -- transfer ${from} ${to} ${decimalOf(amountCents)} --id ${id}`,
      ),
    ].join('\n'),
};

/** The other transfers go on. Each id must be printed: a transfer that is submitted again with a new id pays twice. */
function submissionFailure(error: unknown): Failure {
  if (error instanceof TransferIdReused) return { error: error.message, code: 'TRANSFER_ID_REUSED' };
  return {
    error: `it may or may not have started; submit it again with its id: ${errorMessages(error)}`,
    code: 'TEMPORAL_UNREACHABLE',
  };
}

/** Every starter submits a transfer with its terms as summary. */
function termsOf({ ending, summary }: Listed<TransferResult, TransferProgress>): string {
  return ending?.kind === 'result' ? termsText(ending.result) : summary.replace(/, submitted again$/, '');
}

function statusRows({ progress, ending }: Status<TransferResult, TransferProgress>): readonly Row[] {
  return [
    ['result', ending?.kind === 'result' ? oneLine(resultText(ending.result)) : ending?.error],
    ['terms', progress && termsText(progress)],
    ['steps done', progress && (progress.stepsDone.join(', ') || 'none')],
    ['current step', ending === undefined ? progress?.currentStep : undefined],
    ...(progress?.remarks ?? []).map((remark): Row => ['', remark]),
  ];
}

function resultText(result: TransferResult): ResultText {
  const { from, to, startingBalancesCents: before, finalBalancesCents: after } = result;
  return {
    headline: result.status,
    details: termsText(result),
    remarks: [
      ...(result.reason === undefined ? [] : [result.reason]),
      ...(result.cancellation === undefined ? [] : [`the cancellation ${result.cancellation}`]),
      balanceText(from, before.from, after.from),
      balanceText(to, before.to, after.to),
    ],
  };
}

function oneLine({ headline, details, remarks }: ResultText): string {
  return [headline, details, ...remarks].join(', ');
}

function termsText({ from, to, amountCents }: TransferTerms): string {
  return `${decimalOf(amountCents)} from ${from} to ${to}`;
}

function balanceText(account: string, beforeCents: number | null, afterCents: number | null): string {
  const text = (cents: number | null) => (cents === null ? 'unknown' : decimalOf(cents));
  return `${account} ${text(beforeCents)} → ${text(afterCents)}`;
}
