export interface Cached<T> {
  (): Promise<T>;
  /** The next one who asks gets it anew, also where it is being loaded now. */
  forget: () => void;
}

/** What `load` gave, for `milliseconds`; however many ask meanwhile, it is loaded once. A failure is not kept. */
export function cached<T>(milliseconds: number, now: () => Date, load: () => Promise<T>): Cached<T> {
  let kept: { value: Promise<T>; until: number } | null = null;
  const ask = () => {
    if (kept && now().getTime() < kept.until) return kept.value;
    const entry = { value: load(), until: Number.POSITIVE_INFINITY };
    kept = entry;
    entry.value.then(
      () => {
        entry.until = now().getTime() + milliseconds;
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
