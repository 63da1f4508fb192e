import type { Client, WorkflowHandle } from '@temporalio/client';
import type { SubmissionResult } from 'exactly-one/client';
import type { Ending, EndingCode } from './ending.ts';
import type { ListColumn, Listed } from './listed.ts';
import type { Status } from './status.ts';
import type { Wait } from './wait.ts';

/**
 * Everything in which orders and transfers differ for the starter. There are two kinds: `orderKind` and `transferKind`.
 * @template Input what is submitted beside the id
 */
export interface Kind<Input, Result, Progress> {
  /** Singular; an `s` makes the plural. */
  readonly name: 'order' | 'transfer';
  /** The field that holds the id in JSON. */
  readonly idField: 'orderId' | 'transferId';
  readonly ids: IdRules;
  readonly workflowType: string;
  readonly workflowId: (id: string) => string;
  /** The id within a workflow id; undefined when it is not one of this kind. */
  readonly idOf: (workflowId: string) => string | undefined;
  /** The workflow id of the late watch of a run, for a kind that has late watches. */
  readonly lateWatchId?: (id: string, runId: string) => string;

  /** Submits an id; submitting it again leads to the same result. */
  readonly submit: (
    client: Client,
    taskQueue: string,
    id: string,
    input: Input,
    options?: SubmitOptions,
  ) => Promise<Submitted<Result>>;
  /**
   * How a failed submission is reported, so that the others can go on.
   * @throws the error, where the whole command fails instead
   */
  readonly submissionFailure: (error: unknown) => Failure;

  /** Whether a workflow of this kind can have reported this: a workflow of another program can have the same id. */
  readonly isResult: (value: unknown) => value is Result;
  readonly isProgress: (value: unknown) => value is Progress;
  /** Whether a result counts as success for the exit code. */
  readonly isSuccess: (result: Result) => boolean;
  /** Whether a cancellation had its effect: there is no ticket, or no money was moved for good. */
  readonly isCancelled: (ending: Ending<Result>) => boolean;
  readonly failures: FailureTexts;
  readonly resultText: (result: Result) => ResultText;

  readonly progressQuery: string;
  readonly progressText: (progress: Progress) => ProgressText;
  /** The time that a workflow waits for by its own account, if it does. */
  readonly progressWait: (progress: Progress, nowMs: number) => Wait | undefined;

  readonly statusRows: (status: Status<Result, Progress>) => readonly Row[];
  readonly statusJson: (status: Status<Result, Progress>) => object;

  readonly listColumns: readonly ListColumn<Result, Progress>[];
  readonly listJson: (listed: Listed<Result, Progress>) => object;
  /** The title of the column with the results: `TICKET`. */
  readonly resultTitle: string;
  readonly resultCell: (result: Result) => string;
  /** The state of a workflow that has this result: `completed`. */
  readonly resultState: (result: Result) => string;

  /** What a workflow checks before it is cancelled. */
  readonly checkedBeforeCancelling: string;
  /** The commands that check these ids again. */
  readonly checkAgain: (ids: readonly string[], input: Input) => string;
}

export interface SubmitOptions {
  /** Whether search attributes may be set where the namespace has them; default true. */
  readonly searchAttributes?: boolean;
}

/** Which ids are allowed, and how they are chosen when none is given. */
export interface IdRules {
  /** How a user gives ids, for messages. */
  readonly givenAs: string;
  readonly expand: (given: string) => string;
  /** What is wrong with an id, if anything. */
  readonly problem: (id: string) => string | undefined;
  readonly random: () => string;
}

export interface Submitted<Result> {
  readonly id: string;
  readonly handle: WorkflowHandle<() => Promise<Result>>;
  readonly submissionResult: SubmissionResult;
}

/** Why there is no result. */
export interface Failure {
  readonly error: string;
  readonly code: EndingCode;
  /** What the workflow has recorded with its failure, not checked. */
  readonly details?: unknown;
}

export interface FailureTexts {
  readonly cancelled: string;
  readonly terminated: string;
  /** The code of each failure type of the workflow. */
  readonly codes: Readonly<Record<string, EndingCode>>;
  /** The state that a failure leaves behind, in a word or two: `no ticket`. */
  readonly headline: (code: EndingCode) => string;
}

/** A result for people: `TICKET-7  1 create`. */
export interface ResultText {
  readonly headline: string;
  readonly details?: string;
  readonly remarks: readonly string[];
}

/** Progress for people: `settling, create 2  last: unknown: timed out`. */
export interface ProgressText {
  readonly step: string;
  readonly last: string | undefined;
}

/** A row of a status: a label and its value; rows without a value are left out. */
export type Row = readonly [label: string, value: string | undefined];
