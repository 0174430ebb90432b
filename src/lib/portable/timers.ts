/** Runs `work` once after a delay. Does not keep the process alive; returns a function that cancels it. */
export function after(milliseconds: number, work: () => void): () => void {
  const timer = setTimeout(work, milliseconds);
  letGo(timer);
  return () => clearTimeout(timer);
}

/** Runs `work` at an interval. Does not keep the process alive; returns a function that ends it. */
export function every(milliseconds: number, work: () => void): () => void {
  const timer = setInterval(work, milliseconds);
  letGo(timer);
  return () => clearInterval(timer);
}

/** Waits and keeps the process alive meanwhile; ends early, without an error, if `signal` is aborted. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
  });
}

/** Timers of Node keep the process alive until this; those of browsers and workers are numbers, and need nothing. */
function letGo(timer: unknown): void {
  if (typeof timer !== 'object' || timer === null) return;
  const unref: unknown = Reflect.get(timer, 'unref');
  if (typeof unref === 'function') unref.call(timer);
}
