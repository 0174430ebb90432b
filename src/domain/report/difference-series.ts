import { type CategorySpans, differenceBand } from './difference-band.ts';

/**
 * Spans of one arm and category by the time slot in which they began, in columns of equal length; empty slots are left
 * out.
 */
export interface SpanColumns {
  arm: 'treatment' | 'control';
  category: string;
  slot: number[];
  spans: number[];
  failed: number[];
  jobs: number[];
}

/** All spans of one feature since a moment, in slots of equal length in seconds. */
export interface SpansOfFeature {
  since: Date;
  every: number;
  columns: SpanColumns[];
}

/** The difference of treatment and control over time, in columns of equal length. */
export interface DifferenceSeries {
  /** Start of the counted spans: the beginning of the step, or of its latest part if the step is long. */
  since: Date;
  /** End of each slot, in seconds since 1970. */
  at: number[];
  /** Percentage points by which treatment fails more often than control. */
  difference: number[];
  low: number[];
  high: number[];
  /** Percentage of treatment's jobs in categories that control has too, at the end. */
  compared: number;
}

/** Returns null if no slot had spans of both arms. */
export function differenceSeries(found: SpansOfFeature, possible: number): DifferenceSeries | null {
  const { since, every, columns } = found;
  const sums = new Map<string, CategorySpans>();
  const series: DifferenceSeries = { since, at: [], difference: [], low: [], high: [], compared: 0 };
  const slots = [...new Set(columns.flatMap(({ slot }) => slot))].sort((a, b) => a - b);
  for (const slot of slots) {
    for (const column of columns) add(sums, column, slot);
    const band = differenceBand([...sums.values()], possible);
    if (band === null) continue;
    series.at.push(Math.round(since.getTime() / 1_000) + (slot + 1) * every);
    series.difference.push(hundredths(band.difference));
    series.low.push(hundredths(band.low));
    series.high.push(hundredths(band.high));
    series.compared = Math.round(band.compared);
  }
  return series.at.length === 0 ? null : series;
}

function add(sums: Map<string, CategorySpans>, column: SpanColumns, slot: number): void {
  const i = column.slot.indexOf(slot);
  if (i < 0) return;
  const sum = sums.get(column.category) ?? {
    ...{ jobs: 0, treatment: { spans: 0, failed: 0 }, control: { spans: 0, failed: 0 } },
  };
  sum[column.arm].spans += column.spans[i] ?? 0;
  sum[column.arm].failed += column.failed[i] ?? 0;
  if (column.arm === 'treatment') sum.jobs += column.jobs[i] ?? 0;
  sums.set(column.category, sum);
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
