import { gzipSync } from 'node:zlib';
import type { ReportData, ReportFeature } from '../../domain/report/report.ts';
import type { ChartData } from './chart-data.ts';
import { partOf } from './feature.ts';

/**
 * Packs the folded parts of a page as base64 of gzip: two hundred features with a year of history take 2 MB instead of
 * 12. `assets/parts.js` unpacks them when the first one is opened.
 */
export function packedParts(data: ReportData, features: readonly ReportFeature[]): string {
  const parts = features.map((feature) => partOf(data, feature));
  // Similar parts are adjacent, because gzip looks back only 32 kB.
  const text = JSON.stringify({
    html: parts.map((part) => part.html),
    charts: parts.map(({ charts }) => compact(charts)),
  });
  return gzipSync(text, { level: 9 }).toString('base64');
}

/** Rounds to the digits that a line of a hundred pixels shows, and stores moments as differences. */
function compact(charts: ChartData): object {
  const { difference, rates, times, scores, checks } = charts;
  const digits = (values: readonly (number | null)[]) =>
    values.map((value) => (value === null ? null : Number(value.toPrecision(2))));
  const tenths = (values: readonly number[]) => values.map((value) => Math.round(value * 10) / 10);
  return {
    ...charts,
    rates: { at: steps(rates.at), treatment: digits(rates.treatment), control: digits(rates.control) },
    times: { treatment: digits(times.treatment), control: digits(times.control) },
    scores: { at: steps(scores.at), absolute: tenths(scores.absolute), relative: tenths(scores.relative) },
    checks: { badness: checks.badness },
    difference: { ...difference, at: steps(difference.at) },
  };
}

function steps(moments: readonly number[]): number[] {
  return moments.map((at, i) => at - (moments[i - 1] ?? 0));
}
