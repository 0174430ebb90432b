export interface Cached<T> {
  (): Promise<T>;
  /** The next one who asks gets it anew, also where it is being loaded now. */
  forget: () => void;
}

/** What `load` gave, for `milliseconds`; however many ask meanwhile, it is loaded once. A failure is not kept. */
export function cached<T>(milliseconds: number, now: () => Date, load: () => Promise<T>): Cached<T> {
  let kept: { value: Promise<T>; loadedAt: number | null } | null = null;
  const isFresh = (loadedAt: number): boolean => {
    const age = now().getTime() - loadedAt;
    // A wall clock that is set back makes nothing young for hours.
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
