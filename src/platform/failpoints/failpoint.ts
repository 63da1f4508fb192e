import { writeSync } from 'node:fs';
import type { ArmedFailpoint, Failpoint } from './failpoints.ts';

const STDERR = 2;

/** How a process dies, and what it leaves behind. Both take effect before they return. */
interface Death {
  note(line: string): void;
  die(): void;
}

const REAL_DEATH: Death = {
  note: (line) => void writeSync(STDERR, `${line}\n`),
  die: () => void process.kill(process.pid, 'SIGKILL'),
};

let armed: ((site: ArmedFailpoint) => Promise<never> | undefined) | undefined;

/**
 * Where this process dies, if it is armed for this point and this order: by SIGKILL to itself, so nothing is cleaned up.
 * Not armed it does nothing.
 * @returns undefined, or a promise that never settles: the order is held here until the process dies
 */
export function failpoint(point: Failpoint, orderId: string): Promise<never> | undefined {
  return armed?.({ point, orderId });
}

/**
 * Arms this process. Each order is held at its point until every other one has come to its own; then the process dies,
 * and all of them meet the crash exactly where they are. Each arrival leaves a line on stderr.
 * @param sites from the setting `CRASH_AT`; none disarms
 */
export function armFailpoints(sites: readonly ArmedFailpoint[], { note, die }: Death = REAL_DEATH): void {
  const all = new Set(sites.map(nameOf));
  const awaited = new Set(all);
  const reached = (site: ArmedFailpoint) => {
    if (!all.has(nameOf(site))) return undefined;
    // An order may come by again while it is held, when Temporal no longer waits for the first time.
    if (awaited.delete(nameOf(site))) note(reachedLine(site));
    if (awaited.size === 0) die();
    return new Promise<never>(() => undefined);
  };
  armed = all.size === 0 ? undefined : reached;
}

/** What an arrival leaves on stderr. */
export function reachedLine(site: ArmedFailpoint): string {
  return `failpoint ${nameOf(site)} reached`;
}

function nameOf({ point, orderId }: ArmedFailpoint): string {
  return `${point}:${orderId}`;
}
