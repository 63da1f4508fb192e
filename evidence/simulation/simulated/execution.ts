import type { Caller, World } from './world.ts';

/** Breaks a step off; what is known then goes on in a new execution. */
export class HistoryTooLong extends Error {}

const NEVER = new Promise<never>(() => undefined);

/** The executions of one run, each with ids of its own; the next one begins when the history has grown too long. */
export function createExecution(world: World, runId: string, isAlive: () => boolean) {
  const { clock, scenario } = world;
  let executions = 1;
  let activities = 0;
  let steps = 0;
  const isTooLong = () => {
    steps += 1;
    return scenario.longHistoryAt.includes(steps);
  };
  const caller: Caller = {
    name: runId,
    memory: { listed: new Set(), listedVoided: new Set() },
    executionId: () => `${runId}.${executions}`,
    nextActivityId: () => {
      activities += 1;
      return String(activities);
    },
    async sleep(ms) {
      await clock.sleep(ms);
      return isAlive() ? undefined : NEVER;
    },
  };
  return {
    caller,
    isTooLong,
    breakOffIfTooLong() {
      if (isTooLong()) throw new HistoryTooLong();
    },
    goOn() {
      executions += 1;
      activities = 0;
    },
  };
}

/** What survives the way into a new execution: plain JSON. */
export function continuedAsNew<State>(state: State): State {
  return JSON.parse(JSON.stringify(state));
}
