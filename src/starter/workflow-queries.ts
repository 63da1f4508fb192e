/** More ids than this make an address that nobody can read, and that a terminal breaks. */
const MAX_IDS = 5;

interface Which {
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly onlyOpen: boolean;
}

/** The workflows that a command has submitted; if they are many, all of their type that started since. */
export function submittedQuery(workflowType: string, workflowIds: readonly string[], sinceMs: number): string {
  if (workflowIds.length <= MAX_IDS) return runsQuery(workflowIds);
  return `WorkflowType=${quoted(workflowType)} AND StartTime>=${quoted(new Date(sinceMs).toISOString())}`;
}

/** All runs of these workflows, closed ones too. */
export function runsQuery(workflowIds: readonly string[]): string {
  return `WorkflowId IN (${workflowIds.map(quoted).join(',')})`;
}

/** The workflows of a type on a task queue, without runs that continued as new: their successors are listed. */
export function listQuery(which: Which): string {
  return which.onlyOpen ? linkQuery(which) : `${linkQuery(which)} AND ExecutionStatus!="ContinuedAsNew"`;
}

/** The same for an address that people read. */
export function linkQuery({ workflowType, taskQueue, onlyOpen }: Which): string {
  const ofType = `WorkflowType=${quoted(workflowType)} AND TaskQueue=${quoted(taskQueue)}`;
  return onlyOpen ? `${ofType} AND ExecutionStatus="Running"` : ofType;
}

/** A text in Temporal's list filters. https://docs.temporal.io/list-filter */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
