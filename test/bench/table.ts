import Table from 'cli-table3';

export interface Row {
  what: string;
  milliseconds: number;
  /** At most so many times the anchor, or so many milliseconds. */
  reach?: { times: number } | { milliseconds: number };
}

/** Runs something once to warm up and then several times; gives the median. */
export async function median(runs: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) times.push(await once(work));
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
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
