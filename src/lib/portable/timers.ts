/** Does `work` once, after so many milliseconds. Keeps no process alive; returns how to call it off. */
export function after(milliseconds: number, work: () => void): () => void {
  const timer = setTimeout(work, milliseconds);
  letGo(timer);
  return () => clearTimeout(timer);
}

/** Does `work` every so many milliseconds. Keeps no process alive; returns how to end it. */
export function every(milliseconds: number, work: () => void): () => void {
  const timer = setInterval(work, milliseconds);
  letGo(timer);
  return () => clearInterval(timer);
}

/** Waits, and keeps the process alive for it; ends early, without a complaint, when `signal` is aborted. */
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

/** Timers of Node hold a process; those of browsers and workers are numbers, and hold nothing. */
function letGo(timer: unknown): void {
  if (typeof timer !== 'object' || timer === null) return;
  const unref: unknown = Reflect.get(timer, 'unref');
  if (typeof unref === 'function') unref.call(timer);
}
