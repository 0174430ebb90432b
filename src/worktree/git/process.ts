import { errorCode } from '../../lib/error-text.ts';
/** Is there a process with this id on this machine? */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process exists and belongs to another user.
    return errorCode(error) === 'EPERM';
  }
}
