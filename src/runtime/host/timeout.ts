import { pause } from '../../lib/portable/timers.ts';

/** Waits for `work`, at most so many milliseconds; then it goes on by itself. Null: it took longer. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | null> {
  const over = new AbortController();
  const late = pause(Math.max(0, milliseconds), over.signal).then(() => null);
  try {
    return await Promise.race([work, late]);
  } finally {
    // Or the timer would keep the process.
    over.abort();
  }
}
