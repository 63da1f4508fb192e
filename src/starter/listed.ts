import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Column } from '../platform/terminal/text-table.ts';
import type { Ending } from './ending.ts';
import type { Inspection } from './inspection.ts';

/** An order or a transfer in a list. */
export interface Listed<Result, Progress> extends Inspection<Progress> {
  readonly id: string;
  readonly described: WorkflowExecutionDescription;
  /** Undefined while it is running. */
  readonly ending: Ending<Result> | undefined;
  /** Since when it waits, in epoch milliseconds, where that was asked for. An earlier run may have begun it. */
  readonly waitingSinceMs?: number;
  /** The text with which it was submitted. */
  readonly summary: string;
}

/** A column of a list, in addition to those that all lists have. */
export interface ListColumn<Result, Progress> extends Column {
  readonly cell: (listed: Listed<Result, Progress>) => string;
}
