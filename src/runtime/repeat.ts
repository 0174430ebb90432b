/**
 * Does `work` again and again until it is stopped: `pause` says after each time how many milliseconds to wait. None
 * of it keeps a process alive. What `work` throws is for `pause` to look at.
 */
export function repeat(work: () => Promise<void>, pause: (failures: number) => number): Repetition {
  let timer: NodeJS.Timeout | undefined;
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
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(once, pause(failures)).unref();
  };
  plan();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

export interface Repetition {
  stop(): void;
}

/** Twice as long after each failure, up to `most`; a fifth of it at random, so that many processes do not knock at once. */
export function backOff(first: number, failures: number, most: number): number {
  return Math.min(most, first * 2 ** Math.min(failures, 20)) * (0.9 + 0.2 * Math.random());
}
