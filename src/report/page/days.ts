import type { DayTimes, TimesOfDay } from '../../domain/evidence/daily-times.ts';
import type { Verdict } from '../../domain/health/judgement.ts';
import type { ReportData, ReportFeature } from '../../domain/report/report.ts';
import { DAY_MS } from '../../lib/time.ts';
import { count, share } from '../words/words.ts';
import { BADNESS } from './chart-data.ts';
import { type Html, html } from './html.ts';
import { number, table, timeText } from './parts.ts';
import { stillDailyTimes } from './still-charts.ts';

const DAYS = 14;

interface Day {
  name: string;
  /** Live percentage at the end of the day. */
  percentage: number;
  jobs: number;
  errors: number;
  control_jobs: number;
  control_errors: number;
  /** Milliseconds of all jobs of known duration, and the number of these jobs. */
  ms: number;
  timed: number;
  worst: Verdict | null;
}

/**
 * Shows the charts' data of the last two weeks in numbers, newest first, for readers who cannot or do not want to see
 * charts.
 */
export function daysTable({ generated_at: now }: ReportData, feature: ReportFeature): Html {
  const rows = daysOf(feature, now).map(
    (day) =>
      html`<tr><th scope="row">${day.name}</th><td class="number">${day.percentage}%</td><td class="number">${count(day.jobs)}</td><td class="number">${failed(day.errors, day.jobs)}</td><td class="number">${failed(day.control_errors, day.control_jobs)}</td><td class="number">${timeText(day.timed === 0 ? null : day.ms / day.timed)}</td><td>${day.worst?.replace('_', ' ') ?? 'no check'}</td></tr>`,
  );
  const heads = [
    number('Exposure'),
    number('Jobs'),
    number('Failed'),
    number('In control'),
    number('Mean time'),
  ];
  return table('Day by day', ['Day', ...heads, 'Worst check'], rows);
}

function daysOf(feature: ReportFeature, now: Date): Day[] {
  const { exposure, rates, scores } = feature;
  const today = Math.floor(now.getTime() / DAY_MS);
  const days = Array.from({ length: DAYS }, (_, i): Day => {
    const end = Math.min(now.getTime(), (today - i + 1) * DAY_MS);
    const percentage = exposure.findLast(({ at }) => at.getTime() <= end)?.percentage ?? 0;
    const name = new Date((today - i) * DAY_MS).toISOString().slice(0, 10);
    return {
      name,
      percentage,
      jobs: 0,
      errors: 0,
      control_jobs: 0,
      control_errors: 0,
      ms: 0,
      timed: 0,
      worst: null,
    };
  });
  const dayOf = (seconds: number) => days[today - Math.floor((seconds * 1_000) / DAY_MS)];
  rates.at.forEach((at, i) => {
    const day = dayOf(at);
    if (!day) return;
    const jobs = rates.jobs[i] ?? 0;
    const mean = rates.mean_ms[i] ?? null;
    day.jobs += jobs;
    day.errors += rates.errors[i] ?? 0;
    day.control_jobs += rates.control_jobs[i] ?? 0;
    day.control_errors += rates.control_errors[i] ?? 0;
    if (mean === null) return;
    day.ms += mean * jobs;
    day.timed += jobs;
  });
  scores.at.forEach((at, i) => {
    const day = dayOf(at);
    const verdict = scores.verdict[i];
    if (day && verdict && (day.worst === null || BADNESS[verdict] > BADNESS[day.worst])) day.worst = verdict;
  });
  const begun = exposure[0]?.at.toISOString().slice(0, 10);
  return days.filter(({ name }) => begun === undefined || name >= begun);
}

function failed(errors: number, jobs: number): string {
  return jobs === 0 ? '–' : share(errors, jobs);
}

/** Shows durations of jobs day by day: as lines, and in numbers, newest first. Null if no times are kept. */
export function timesOfDays({ daily_times: days = [] }: ReportFeature): Html | null {
  if (days.length === 0) return null;
  const cells = (times: TimesOfDay | null) =>
    [times?.p50_ms, times?.p95_ms, times?.p99_ms].map(
      (ms) => html`<td class="number">${timeText(ms ?? null)}</td>`,
    );
  const rows = [...days]
    .reverse()
    .map(
      ({ day, treatment, control }) =>
        html`<tr><th scope="row">${day}</th>${cells(treatment)}${cells(control)}</tr>`,
    );
  const heads = ['p50', 'p95', 'p99', 'Control p50', 'Control p95', 'Control p99'].map(number);
  const chart = stillDailyTimes(days);
  return html`<h4>Times of jobs</h4>${
    chart &&
    html`<figure class="quantiles"><figcaption><span class="keys">${KEYS}</span></figcaption><div role="img" aria-label="${spoken(days)}">${chart}</div></figure>`
  }${table('Times of jobs, day by day', ['Day', ...heads], rows)}`;
}

const KEYS = html`<span class="key treatment"><i></i>treatment</span><span class="key control"><i></i>control</span><span class="key">from below: half, 95% and 99% of the jobs took at most so long</span>`;

/** Text of the lines for a screen reader. */
function spoken(days: readonly DayTimes[]): string {
  const { day, treatment, control } = days.at(-1) ?? { day: '', treatment: null, control: null };
  const of = (arm: string, times: TimesOfDay | null) =>
    times === null
      ? `nothing of ${arm}`
      : `${arm} ${timeText(times.p50_ms)}, ${timeText(times.p95_ms)} and ${timeText(times.p99_ms)}`;
  return `Times of jobs over ${days.length} days: p50, p95 and p99 on ${day} were ${of('treatment', treatment)}; ${of('control', control)}`;
}
