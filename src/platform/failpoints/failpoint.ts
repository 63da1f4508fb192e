import { writeSync } from 'node:fs';
import type { ArmedFailpoint, Failpoint } from './failpoints.ts';

const STDERR = 2;

/** How a process announces its death and dies. Both take effect before they return. */
interface Death {
  note(line: string): void;
  die(): void;
}

const REAL_DEATH: Death = {
  note: (line) => void writeSync(STDERR, `${line}\n`),
  die: () => void process.kill(process.pid, 'SIGKILL'),
};

/**
 * To be called where a failpoint lies, before what it interrupts.
 * @returns undefined if the failpoint is not armed for this order; otherwise a promise that never settles, which holds
 * the order until the process dies
 */
export type ReachFailpoint = (point: Failpoint, orderId: string) => Promise<never> | undefined;

/**
 * Arms this process. Each order is held at its failpoint until every other armed order has reached its own. Then the
 * process kills itself with SIGKILL, so that nothing is cleaned up and the crash finds every order exactly at its
 * failpoint. Each order that reaches its failpoint leaves a line on stderr.
 * @param sites from the setting `CRASH_AT`
 */
export function armFailpoints(sites: readonly ArmedFailpoint[], { note, die }: Death = REAL_DEATH): ReachFailpoint {
  const armed = new Set(sites.map(nameOf));
  const awaited = new Set(armed);
  return (point, orderId) => {
    const site = { point, orderId };
    if (!armed.has(nameOf(site))) return undefined;
    // An order may come again while it is held, after Temporal has timed out its first activity or task.
    if (awaited.delete(nameOf(site))) note(reachedLine(site));
    if (awaited.size === 0) die();
    return new Promise<never>(() => undefined);
  };
}

/** The line that an order leaves on stderr: `failpoint create.sent:order-1 reached`. */
export function reachedLine(site: ArmedFailpoint): string {
  return `failpoint ${nameOf(site)} reached`;
}

function nameOf({ point, orderId }: ArmedFailpoint): string {
  return `${point}:${orderId}`;
}
