import { pause } from '../../lib/portable/timers.ts';

/** Waits for `work`, for at most `milliseconds`; then `work` continues unattended. Null: it took longer. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | null> {
  const over = new AbortController();
  const late = pause(Math.max(0, milliseconds), over.signal).then(() => null);
  try {
    return await Promise.race([work, late]);
  } finally {
    // Otherwise the timer would keep the process alive.
    over.abort();
  }
}
