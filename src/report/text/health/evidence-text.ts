import type { EvidenceRow } from '../../../domain/evidence/evidence.ts';
import { harmless } from '../../../lib/text.ts';
import { HOUR_MS } from '../../../lib/time.ts';
import { sparkline } from '../../style/sparkline.ts';
import type { Style } from '../../style/style.ts';
import { count } from '../../words/words.ts';

const HOURS = 24;

interface Hour {
  jobs: number;
  errors: number;
}

/** Draws the last day of a feature's present epoch in bars, an hour each: error rates of both arms, and jobs. */
export function evidenceText(style: Style, rows: readonly EvidenceRow[], limit: number, now: Date): string {
  const treatment = byHour(rows, now, ({ jobs, errors }) => ({ jobs, errors }));
  const control = byHour(rows, now, ({ controlJobs, controlErrors }) => ({
    jobs: controlJobs,
    errors: controlErrors,
  }));
  const rates = [treatment, control].map((hours) => hours.map(rateOf));
  // One scale for both arms, including the limit: half the height always means half the rate.
  const top = Math.max(limit, ...rates.flat().map((rate) => rate ?? 0));
  const line = (name: string, values: readonly (number | null)[], scale: number, note: string) =>
    `  ${harmless(name).padEnd(20)} ${sparkline(values, scale)} ${style.dim(note)}`;
  const [treated = [], controlled = []] = rates;
  return [
    style.dim(`  last ${HOURS} hours of this epoch, an hour a bar; the highest bar is ${tidy(top)}%`),
    line('failed, treatment', treated, top, lastOf(treated, limit)),
    line('failed, control', controlled, top, lastOf(controlled, null)),
    line(
      'jobs, treatment',
      treatment.map(({ jobs }) => jobs),
      0,
      `${count(treatment.reduce((sum, { jobs }) => sum + jobs, 0))} jobs`,
    ),
  ].join('\n');
}

function byHour(rows: readonly EvidenceRow[], now: Date, pick: (row: EvidenceRow) => Hour): Hour[] {
  const hours = Array.from({ length: HOURS }, (): Hour => ({ jobs: 0, errors: 0 }));
  const present = Math.floor(now.getTime() / HOUR_MS);
  for (const row of rows) {
    const hour = hours[HOURS - 1 - (present - Math.floor(row.minute / 60))];
    if (!hour) continue;
    const { jobs, errors } = pick(row);
    hour.jobs += jobs;
    hour.errors += errors;
  }
  return hours;
}

function rateOf({ jobs, errors }: Hour): number | null {
  return jobs === 0 ? null : (errors / jobs) * 100;
}

function lastOf(rates: readonly (number | null)[], limit: number | null): string {
  const last = rates.findLast((rate) => rate !== null);
  if (last === undefined || last === null) return 'no job';
  return `${tidy(last)}%${limit === null ? '' : `, limit ${limit}%`}`;
}

function tidy(value: number): string {
  return String(Math.round(value * 100) / 100);
}
