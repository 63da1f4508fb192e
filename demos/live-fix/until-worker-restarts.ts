import { setTimeout as pause } from 'node:timers/promises';
import { fitted } from '../../src/platform/terminal/wrapped.ts';
import { runningWorkers } from '../../src/worker/running-workers.ts';

/** A worker that watches its source stops much sooner. */
const STOPS_WITHIN_MS = 15_000;
const STARTS_WITHIN_MS = 60_000;
const EVERY_MS = 100;

/**
 * Waits until the workers that run the source of this project have started again with a change, and says so.
 * @param sinceMs when the source was changed, in epoch milliseconds
 */
export async function untilWorkerRestarts(
  databaseDir: string,
  source: string,
  sinceMs: number,
  print: (line: string) => void,
): Promise<void> {
  const say = (text: string) => print(fitted(text, process.stdout));
  const workers = async () => (await runningWorkers(databaseDir)).filter(({ details }) => details.source === source);
  if ((await workers()).length === 0) {
    say('No worker runs here at the moment: npm start starts everything, and its worker starts again at each change.');
    return;
  }
  say('waiting for the worker to start again with the changed source ...');
  for (;;) {
    const running = await workers();
    const old = running.filter(({ details }) => details.startedAtMs < sinceMs);
    const [first] = running;
    if (first !== undefined && old.length === 0) {
      say(`the worker runs the changed source, process ${first.processId}`);
      return;
    }
    const waitedMs = Date.now() - sinceMs;
    const [stuck] = old;
    if (stuck !== undefined && waitedMs > STOPS_WITHIN_MS) {
      say(
        `Process ${stuck.processId} does not run the changed source: start it again. npm start and npm run worker:watch do so themselves.`,
      );
      return;
    }
    if (waitedMs > STARTS_WITHIN_MS) {
      say('The worker has not started again yet: its terminal says why.');
      return;
    }
    await pause(EVERY_MS);
  }
}
