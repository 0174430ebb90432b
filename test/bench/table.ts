import Table from 'cli-table3';

export interface Row {
  what: string;
  milliseconds: number;
  /** At most so many times the anchor, or so many milliseconds. */
  reach?: { times: number } | { milliseconds: number };
}

/** The medians of several works that take turns, so that what else the machine does meets them alike. */
export async function interleaved(
  runs: number,
  works: readonly (() => Promise<unknown>)[],
): Promise<number[]> {
  const times: number[][] = works.map(() => []);
  for (let run = -1; run < runs; run++) {
    for (const [index, work] of works.entries()) {
      const time = await once(work);
      if (run >= 0) times[index]?.push(time); // the first is to warm up
    }
  }
  return times.map((each) => each.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN);
}

/** For what can be run only once. */
export async function once(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The first row is the anchor: the others are told as a multiple of it. */
export function print(title: string, rows: readonly Row[]): void {
  const anchor = rows[0]?.milliseconds ?? Number.NaN;
  const table = new Table({ head: [title, 'ms', 'x anchor', 'reach', ''], style: { head: [], border: [] } });
  for (const { what, milliseconds, reach } of rows) {
    const ratio = milliseconds / anchor;
    const [goal, met] = !reach
      ? ['anchor', true]
      : 'times' in reach
        ? [`<= ${reach.times} x`, ratio <= reach.times]
        : [`<= ${reach.milliseconds} ms`, milliseconds <= reach.milliseconds];
    table.push([what, milliseconds.toFixed(1), ratio.toFixed(2), goal, met ? '' : 'MISSED']);
  }
  console.log(`${table}\n`);
}
