import { errorCode } from '../resilience/error-code.ts';

/** Whether a process with this id exists, also one of somebody else. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
