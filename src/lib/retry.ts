export interface Retry {
  /** Number of attempts, including the first one. */
  attempts: number;
  /** May a retry succeed after this error? */
  mayPass: (error: unknown) => boolean;
  /** Waits before another attempt; `failures` is 1 after the first. Left out: no pause. */
  pause?: (failures: number) => Promise<unknown>;
}

/** Retries `work` while its errors may pass. Throws the last error. */
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
