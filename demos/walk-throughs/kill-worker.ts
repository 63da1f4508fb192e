import { counted } from '../../src/contracts/counted.ts';
import type { Child } from '../../src/platform/processes/start-child.ts';
import {
  databaseAndOrders,
  type HeldResponses,
  unansweredCreates,
  untilCreatesInFlight,
} from '../../testbed/creates-in-flight.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import type { Stage } from '../../testbed/stage.ts';

/**
 * Kills the worker while creates are in flight, and says what it has hit.
 * @param held the faults of the ticket system
 * @param wanted how many creates should be in flight
 * @returns how many were: they had been committed and not answered when the worker was dead
 */
export async function killDuringCreates(
  stage: Pick<Stage, 'client' | 'databaseDir'>,
  worker: Pick<Child, 'pid' | 'kill'>,
  held: HeldResponses,
  wanted: number,
  narrator: Pick<Narrator, 'during' | 'step' | 'detail'>,
): Promise<number> {
  await narrator.during('waiting for creates in flight', untilCreatesInFlight(stage, held, wanted));
  const killed = worker.kill();
  // No response that comes from now on reaches the worker, however long it takes to end.
  const killedAtMs = Date.now();
  await killed;
  const inFlight = await unansweredCreates({ ...databaseAndOrders(stage), nowMs: () => killedAtMs }, held);
  for (const [index, text] of killedTexts(worker.pid, inFlight).entries()) {
    if (index === 0) narrator.step(text);
    else narrator.detail(text);
  }
  return inFlight;
}

/** What a kill has hit, for people; it never claims a create that was not in flight. */
export function killedTexts(pid: number, inFlight: number): readonly string[] {
  if (inFlight === 0) {
    return [
      `killed worker ${pid} (SIGKILL), but no create was in flight`,
      'This run does not show what a crash during a create does. Try another seed, or --faults calm.',
    ];
  }
  const unknown =
    inFlight === 1
      ? 'Its ticket is on disk; no worker will receive the response: the outcome is unknown.'
      : 'Their tickets are on disk; no worker will receive the responses: the outcomes are unknown.';
  return [`killed worker ${pid} (SIGKILL) with ${counted(inFlight, 'create')} in flight`, unknown];
}
