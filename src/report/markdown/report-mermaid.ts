import type { ReportFeature } from '../../domain/report/report.ts';
import { DAY_MS } from '../../lib/time.ts';

const DAYS_SHOWN = 28;

/**
 * Draws exposure and failed jobs of the last four weeks, one value a day. Contains only numbers and fixed words, so
 * that no foreign text can end the block.
 */
export function exposureChart({ exposure, rates, thresholds }: ReportFeature, now: Date): string {
  const first = exposure[0]?.at.getTime();
  if (first === undefined) return '';
  const days = Math.min(DAYS_SHOWN, Math.ceil((now.getTime() - first) / DAY_MS));
  if (days < 2) return '';
  const ends = Array.from({ length: days }, (_, i) => now.getTime() - (days - 1 - i) * DAY_MS);
  const live = ends.map((end) => exposure.findLast(({ at }) => at.getTime() <= end)?.percentage ?? 0);
  const failed = ends.map((end) => {
    const of = (column: readonly number[]) =>
      rates.at.reduce(
        (sum, at, i) => (at * 1_000 <= end && at * 1_000 > end - DAY_MS ? sum + (column[i] ?? 0) : sum),
        0,
      );
    const jobs = of(rates.jobs);
    return jobs === 0 ? 0 : Math.round((of(rates.errors) / jobs) * 1_000) / 10;
  });
  if ([...live, ...failed].every((value) => value === 0)) return '';
  const labels = ends.map((end) => `"${new Date(end).toISOString().slice(5, 10)}"`);
  const most = Math.max(100, ...failed);
  return [
    '```mermaid',
    'xychart-beta',
    `  title "Exposure (bars) and failed jobs (line), percent; the limit is ${thresholds.max_error_rate}"`,
    `  x-axis [${labels.join(', ')}]`,
    `  y-axis "percent" 0 --> ${most}`,
    `  bar [${live.join(', ')}]`,
    `  line [${failed.join(', ')}]`,
    '```',
  ].join('\n');
}

/** Draws the soak of the present step and what follows; empty without a running soak. */
export function soakGantt({ soak, next, percentage }: ReportFeature, now: Date): string {
  if (!soak || soak.left <= 0 || next.percentage === null) return '';
  const time = (at: Date) => at.toISOString().slice(0, 16);
  const end = new Date(now.getTime() + soak.left * 1_000);
  return [
    '```mermaid',
    'gantt',
    '  title Soak of the present step',
    '  dateFormat YYYY-MM-DDTHH:mm',
    `  over at ${percentage} percent :done, ${time(soak.since)}, ${time(now)}`,
    `  left at ${percentage} percent :active, ${time(now)}, ${time(end)}`,
    `  ${next.percentage} percent at the earliest :milestone, ${time(end)}, 0d`,
    '```',
  ].join('\n');
}

/** Draws cost by processor; only names of plain characters, because Mermaid cannot escape others. */
export function pieOfCosts({ cost }: ReportFeature): string {
  const parts = cost.processors.filter(({ cost: own }) => own !== null && own > 0);
  if (parts.length < 2 || parts.some(({ processor }) => !/^[\w.-]{1,60}$/.test(processor))) return '';
  const slices = parts.map(({ processor, cost: own }) => `  "${processor}" : ${(own ?? 0).toFixed(4)}`);
  return ['\n\n```mermaid', 'pie showData title Cost by processor', ...slices, '```'].join('\n');
}
