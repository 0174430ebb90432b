/** Milliseconds and calls by what was done, as `WORLD_TIMES=1` prints them: where a walk spends its time. */
const sums = new Map<string, { calls: number; ms: number }>();

export const TIMED = process.env.WORLD_TIMES === '1';

/** Does the work, and counts how long it took. */
export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  if (!TIMED) return work();
  const began = performance.now();
  try {
    return await work();
  } finally {
    const { calls, ms } = sums.get(what) ?? { calls: 0, ms: 0 };
    sums.set(what, { calls: calls + 1, ms: ms + performance.now() - began });
  }
}

export function timesText(): string {
  const rows = [...sums].sort(([, a], [, b]) => b.ms - a.ms);
  return rows
    .map(
      ([what, { calls, ms }]) =>
        `${what.padEnd(28)}${String(calls).padStart(7)}${(ms / calls).toFixed(1).padStart(9)} ms${(ms / 1_000).toFixed(1).padStart(9)} s`,
    )
    .join('\n');
}
