import type { Resolution, Start } from 'exactly-one';
import type { World } from './world.ts';

type RunStatus = 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'TERMINATED';

export interface Run {
  readonly runId: string;
  readonly workflowId: string;
  status: RunStatus;
  cancelRequested: boolean;
  /** Requests a resolution of the order, as a person does. Returns why it is refused; undefined: it is accepted. */
  resolve: (resolution: Resolution) => string | undefined;
}

export type Temporal = ReturnType<typeof createTemporal>;

/** The part of Temporal that decides which runs of one workflow id may start. */
export function createTemporal() {
  const runs: Run[] = [];
  const latestOf = (workflowId: string) => runs.findLast((run) => run.workflowId === workflowId);
  const add = (workflowId: string): Run => {
    const run: Run = {
      runId: `run ${runs.length + 1}`,
      workflowId,
      status: 'RUNNING',
      cancelRequested: false,
      resolve: () => 'it does not handle resolutions yet',
    };
    runs.push(run);
    return run;
  };
  return {
    latestOf,
    /** @returns undefined when the start's policy or an open run forbids it */
    start({ workflowId, workflowIdReusePolicy }: Start): Run | undefined {
      const latest = latestOf(workflowId);
      if (latest !== undefined) {
        if (latest.status === 'RUNNING' || workflowIdReusePolicy === 'REJECT_DUPLICATE') return undefined;
        if (latest.status === 'COMPLETED') return undefined;
      }
      return add(workflowId);
    },
    /** @returns undefined when a run of this id is open */
    startChild(workflowId: string): Run | undefined {
      return latestOf(workflowId)?.status === 'RUNNING' ? undefined : add(workflowId);
    },
  };
}

/** Items and voids in the complete responses that a run, or a watch, has received. */
export interface ListedItems {
  readonly listed: Set<string>;
  readonly listedVoided: Set<string>;
}

/** A run of an order, or a late watch, as seen by its activities. */
export interface Caller {
  readonly name: string;
  readonly received: ListedItems;
  /** The id of the current execution, which changes when the run continues as new. */
  executionId(): string;
  nextActivityId(): string;
  /** Never resolves if the run has been terminated by then. */
  sleep(ms: number): Promise<void>;
}

/** The pause before Temporal first retries an activity. */
export const ACTIVITY_RETRY_MS = 20;

/** Thrown to abandon a step whose run must continue as new. */
export class ContinueAsNew extends Error {}

const NEVER = new Promise<never>(() => undefined);

/** The executions of one run, which continues as new before the steps that the scenario names. */
export function createExecutions({ clock, scenario }: World, name: string, isRunning: () => boolean) {
  let executions = 1;
  let activities = 0;
  let steps = 0;
  const caller: Caller = {
    name,
    received: { listed: new Set(), listedVoided: new Set() },
    executionId: () => `${name}.${executions}`,
    nextActivityId: () => {
      activities += 1;
      return String(activities);
    },
    async sleep(ms) {
      await clock.sleep(ms);
      return isRunning() ? undefined : NEVER;
    },
  };
  return {
    caller,
    /** @throws ContinueAsNew when the scenario wants a new execution before this step */
    beginStep() {
      steps += 1;
      if (scenario.continueAsNewBeforeSteps.includes(steps)) throw new ContinueAsNew();
    },
    /** @returns the state as the next execution receives it: passed through JSON */
    continueAsNew<State>(state: State): State {
      executions += 1;
      activities = 0;
      return state === undefined ? state : JSON.parse(JSON.stringify(state));
    },
  };
}
