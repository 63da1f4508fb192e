import { readFileSync } from 'node:fs';
import { errorCode } from '../src/contracts/errors.ts';

/** Whether a process with this id is running, also one of another user. A zombie is not running. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') return false;
  }
  return !isZombie(processId);
}

/**
 * A dead process whose parent has not reaped it, which in a container without init may never happen. Only Linux shows it
 * in a file; elsewhere a zombie counts as alive. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function isZombie(processId: number): boolean {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    // The name of the program, in parentheses, may contain anything.
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}
