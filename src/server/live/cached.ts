export interface Cached<T> {
  (): Promise<T>;
  /** Makes the next call load again, even while a load is running. */
  forget: () => void;
}

/** Caches the result of `load` for `milliseconds`; simultaneous callers share one load. A failure is not cached. */
export function cached<T>(milliseconds: number, now: () => Date, load: () => Promise<T>): Cached<T> {
  let kept: { value: Promise<T>; loadedAt: number | null } | null = null;
  const isFresh = (loadedAt: number): boolean => {
    const age = now().getTime() - loadedAt;
    // A wall clock that is set back must not keep an entry for hours.
    return age >= 0 && age < milliseconds;
  };
  const ask = () => {
    if (kept && (kept.loadedAt === null || isFresh(kept.loadedAt))) return kept.value;
    const entry: { value: Promise<T>; loadedAt: number | null } = { value: load(), loadedAt: null };
    kept = entry;
    entry.value.then(
      () => {
        entry.loadedAt = now().getTime();
      },
      () => {
        if (kept === entry) kept = null;
      },
    );
    return entry.value;
  };
  return Object.assign(ask, {
    forget: () => {
      kept = null;
    },
  });
}
