import {
  type Client,
  isGrpcServiceError,
  ServiceError,
  type Workflow,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import { A_CLIENT, A_TEXT, checkOptions, optional, type Rule } from '../contract/check-options.ts';
import { WORKFLOW_TASK_TIMEOUT_MS } from '../contract/recovery.ts';
import { decideSubmission, type RunStatus, runStatus } from '../protocol/resubmission.ts';
import { describeWorkflow } from './describe-workflow.ts';

/** `started`: this submission started it. `resumed`: it started it again, after a run that closed without a result. */
export type SubmissionResult = 'started' | 'resumed' | 'was running' | 'was completed';

type Input<Order extends Workflow> = Parameters<Order>[0];

/** @template Order the workflow: `typeof bookCourier` */
export interface Submission<Order extends Workflow> {
  /** The workflow, or the name of its type. */
  readonly workflow: Order | string;
  /** The id of the order, always the same one for the same order. */
  readonly workflowId: string;
  readonly taskQueue: string;
  /**
   * The first argument of the workflow without `resumed`, which is added; or a function that returns the whole argument,
   * called before each start.
   */
  readonly input: Omit<Input<Order>, 'resumed'> | ((resumed: boolean) => Promise<Input<Order>>);
  /** What Temporal's UI shows beside the id, in one line. Default: nothing. */
  readonly summary?: string;
  /** Set from the start, if the namespace has all of them; otherwise none is. Default: none. */
  readonly searchAttributes?: readonly SearchAttributePair[];
}

const RULES: Readonly<Record<string, Rule>> = {
  workflowId: A_TEXT,
  taskQueue: A_TEXT,
  workflow: { isValid: isWorkflow, allowed: 'a workflow or the name of one' },
  input: {
    isValid: isInput,
    allowed: 'an object without the field resumed, which is added, or a function that returns the whole argument',
  },
  searchAttributes: optional({ isValid: Array.isArray, allowed: 'a list' }),
};

const OPTIONS: Readonly<Record<keyof Submission<Workflow>, true>> = {
  workflow: true,
  workflowId: true,
  taskQueue: true,
  input: true,
  summary: true,
  searchAttributes: true,
};

/** gRPC's code. */
const INVALID_ARGUMENT = 3;

/** Other clients may start and close the same workflow in the meantime, but hardly this often. */
const MAX_TRIES = 10;

/**
 * Submits an order. Submitting it again, while it runs or years later, attaches to it, so that it leads to the same item.
 * If its last run has failed, or was cancelled or terminated, the order is started again and knows that: a create may
 * still be in flight.
 * @throws TypeError when an option is not valid; an error of the client when Temporal does not respond
 */
export async function submit<Order extends Workflow>(
  client: Client,
  submission: Submission<Order>,
): Promise<{ readonly handle: WorkflowHandle<Order>; readonly result: SubmissionResult }> {
  checkSubmission(client, submission);
  const { workflowId } = submission;
  const result = await startOrAttach(client, submission);
  return { handle: client.workflow.getHandle<Order>(workflowId), result };
}

async function startOrAttach<Order extends Workflow>(
  client: Client,
  submission: Submission<Order>,
): Promise<SubmissionResult> {
  const { workflow, workflowId, taskQueue, summary, searchAttributes = [] } = submission;
  let status: RunStatus = 'none';
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const decision = decideSubmission(workflowId, status);
    if (decision.kind === 'attach') return status === 'running' ? 'was running' : 'was completed';
    const { resumed, workflowIdReusePolicy, workflowIdConflictPolicy } = decision;
    const argument = await argumentOf(submission, resumed);
    try {
      const options: WorkflowStartOptions = {
        ...{ workflowId, workflowIdReusePolicy, workflowIdConflictPolicy, taskQueue },
        args: [argument],
        workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
        ...(summary === undefined ? {} : { staticSummary: resumed ? `${summary}, submitted again` : summary }),
      };
      await start(client, typeof workflow === 'string' ? workflow : workflow.name, options, searchAttributes);
      return resumed ? 'resumed' : 'started';
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      status = await runStatusOf(client, workflowId);
    }
  }
  throw new Error(
    `${workflowId} was started and closed by others ${MAX_TRIES} times in a row; check it in Temporal's UI`,
  );
}

/** The server refuses a start with a search attribute that the namespace lacks. */
async function start(
  client: Client,
  type: string,
  options: WorkflowStartOptions,
  searchAttributes: readonly SearchAttributePair[],
): Promise<void> {
  try {
    await client.workflow.start(type, {
      ...options,
      ...(searchAttributes.length === 0 ? {} : { typedSearchAttributes: [...searchAttributes] }),
    });
  } catch (error) {
    if (searchAttributes.length === 0 || !isAboutSearchAttributes(error)) throw error;
    await client.workflow.start(type, options);
  }
}

function isAboutSearchAttributes(error: unknown): boolean {
  return (
    error instanceof ServiceError &&
    isGrpcServiceError(error.cause) &&
    error.cause.code === INVALID_ARGUMENT &&
    /search attribute/i.test(error.cause.details)
  );
}

async function argumentOf<Order extends Workflow>({ input }: Submission<Order>, resumed: boolean): Promise<unknown> {
  return typeof input === 'function' ? input(resumed) : { ...input, resumed };
}

/** The status of a workflow's latest run. */
async function runStatusOf(client: Client, workflowId: string): Promise<RunStatus> {
  const described = await describeWorkflow(client, workflowId);
  return described === undefined ? 'none' : runStatus(described.status.name);
}

function checkSubmission(client: Client, submission: Submission<Workflow>): void {
  checkOptions('submit', submission, RULES, Object.keys(OPTIONS));
  checkOptions('submit', { client }, { client: A_CLIENT });
}

/** A workflow without a name is not the one that a worker has registered. */
function isWorkflow(workflow: unknown): boolean {
  return typeof workflow === 'function' ? workflow.name !== '' : typeof workflow === 'string' && workflow !== '';
}

function isInput(input: unknown): boolean {
  if (typeof input === 'function') return true;
  return typeof input === 'object' && input !== null && !Array.isArray(input) && !('resumed' in input);
}
