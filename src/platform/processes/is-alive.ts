import { readFileSync } from 'node:fs';
import { errorCode } from '../../contracts/errors.ts';

/** Whether a process with this id runs, also one of somebody else. One that is dead and not yet reaped does not. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') return false;
  }
  return !isZombie(processId);
}

/**
 * Its parent may reap it late or, in a container without an init, never. Linux alone tells by a file; elsewhere it counts
 * as alive. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function isZombie(processId: number): boolean {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    // Its name, in parentheses, may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}
