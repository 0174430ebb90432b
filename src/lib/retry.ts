export interface Retry {
  /** The first one included. */
  attempts: number;
  /** May what was thrown be another thing the next time? */
  mayPass: (error: unknown) => boolean;
  /** Waits before another attempt; `failures` is 1 after the first. Left out: at once. */
  pause?: (failures: number) => Promise<unknown>;
}

/** Does `work` again while what it throws may pass. Throws what the last attempt threw. */
export async function retry<T>(work: () => Promise<T>, { attempts, mayPass, pause }: Retry): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !mayPass(error)) throw error;
      await pause?.(attempt);
    }
  }
}
