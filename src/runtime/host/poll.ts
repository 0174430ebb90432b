import { after } from '../../lib/portable/timers.ts';

/**
 * Repeats `work` until stopped: `pause` returns after each run how many milliseconds to wait. Never keeps a process
 * alive. Errors of `work` are passed to `pause`.
 */
export function repeat(work: () => Promise<void>, pause: (failures: number) => number): Repetition {
  let callOff = () => {};
  let stopped = false;
  let failures = 0;
  const once = async (): Promise<void> => {
    try {
      await work();
      failures = 0;
    } catch {
      failures += 1;
    }
    plan();
  };
  const plan = () => {
    callOff();
    if (!stopped) callOff = after(pause(failures), () => void once());
  };
  plan();
  return {
    stop: () => {
      stopped = true;
      callOff();
    },
  };
}

export interface Repetition {
  stop(): void;
}

/**
 * Doubles the pause after each failure, up to `most`. Random from half of it to one and a half times, so that processes
 * that failed together do not return together; by up to a tenth if nothing failed.
 */
export function backOff(first: number, failures: number, most: number): number {
  const spread = failures === 0 ? 0.2 : 1;
  return Math.min(most, first * 2 ** Math.min(failures, 20)) * (1 + spread * (Math.random() - 0.5));
}
