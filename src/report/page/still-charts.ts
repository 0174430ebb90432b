import type { DayTimes } from '../../domain/evidence/daily-times.ts';
import { type ChartData, EVIDENCE_LINE, type Mark, WARNING_LINE } from './chart-data.ts';
import { type Html, html, path } from './html.ts';
import { timeText } from './parts.ts';
import {
  dots,
  type Frame,
  HALF,
  line,
  roundAbove,
  type Scale,
  STRIP,
  scaleOf,
  steps,
  ticksOf,
  WIDE,
} from './still-scale.ts';

/** Charts for pages without a script; with one, interactive charts replace them. */
export function stillDifference(data: ChartData): Html | null {
  const { difference, marks } = data;
  const { since, at, value, low, high } = difference;
  const to = at.at(-1);
  if (to === undefined) return null;
  const [bottom, top] = reachOf(difference);
  const scale = scaleOf(WIDE, since, to, bottom, top);
  const back = [...at].reverse();
  const area = `${line(at, high, scale)}${line(back, [...low].reverse(), scale).replace('M', 'L')}Z`;
  return svg(WIDE, [
    axis(
      scale,
      [bottom, 0, top].map((points) => ({ value: points, text: `${signed(points)} pp` })),
    ),
    times(scale),
    html`<path class="band" d="${path(area)}"/>`,
    html`<path class="zero" d="M${scale.frame.left} ${scale.y(0)}H${scale.frame.right}"/>`,
    html`<path class="treatment" d="${path(line(at, value, scale))}"/>`,
    marks.filter((mark) => mark.at >= since && mark.at <= to).map((mark) => markLine(mark, scale)),
  ]);
}

/**
 * Returns the percentage points that the chart covers: by the newest half of the band, since its beginning is always
 * wide.
 */
export function reachOf({ value, low, high }: ChartData['difference']): [number, number] {
  const half = Math.floor(value.length / 2);
  const reach = roundAbove(
    [...value, ...low.slice(half), ...high.slice(half)].map((points) => Math.abs(points)),
    0.1,
  );
  return [-Math.min(reach, 100), Math.min(reach, 100)];
}

export function signed(points: number): string {
  return `${points > 0 ? '+' : ''}${points}`;
}

/** Draws the exposure as a separate strip. */
export function stillExposure({ exposure }: ChartData): Html | null {
  const [from, to] = [exposure.at[0], exposure.at.at(-1)];
  if (from === undefined || to === undefined) return null;
  const scale = scaleOf(STRIP, from, to, 0, 100);
  const area = `${steps(exposure.at, exposure.percentage, scale)}V${STRIP.bottom}H${STRIP.left}Z`;
  return svg(STRIP, [
    axis(
      scale,
      [0, 50, 100].map((value) => ({ value, text: `${value}%` })),
    ),
    times(scale),
    html`<path class="area" d="${path(area)}"/><path class="edge" d="${path(steps(exposure.at, exposure.percentage, scale))}"/>`,
  ]);
}

export function stillRates({ exposure, rates, raw, limits, marks, checks }: ChartData): Html | null {
  const [from, to] = [exposure.at[0], exposure.at.at(-1)];
  if (from === undefined || to === undefined) return null;
  const seen = [...rates.treatment, ...rates.control].filter((rate) => rate !== null);
  const high = roundAbove([limits.max * 1.2, ...seen], 1);
  const scale = scaleOf(WIDE, from, to, 0, high);
  const newest = rates.at.slice(-raw.treatment.length || rates.at.length);
  return svg(WIDE, [
    axis(
      scale,
      [0, high / 2, high].map((value) => ({ value, text: `${Math.round(value * 100) / 100}%` })),
    ),
    times(scale),
    limitLine(scale, limits.max, 'limit'),
    limitLine(scale, limits.warning, 'warning'),
    html`<path class="raw control" d="${path(dots(newest, raw.control, scale))}"/>`,
    html`<path class="raw treatment" d="${path(dots(newest, raw.treatment, scale))}"/>`,
    html`<path class="control" d="${path(line(rates.at, rates.control, scale))}"/>`,
    html`<path class="treatment" d="${path(line(rates.at, rates.treatment, scale))}"/>`,
    strip(checks, scale),
    marks.map((mark) => markLine(mark, scale)),
  ]);
}

export function stillScores(data: ChartData): Html | null {
  const { scores, marks } = data;
  const [from, to] = [scores.at[0], scores.at.at(-1)];
  if (from === undefined || to === undefined) return null;
  const high = roundAbove([EVIDENCE_LINE * 1.15, ...scores.absolute, ...scores.relative], 1);
  const scale = scaleOf(HALF, from, to, -2, high);
  const within = marks.filter(({ at }) => at >= from);
  return svg(HALF, [
    axis(
      scale,
      [0, Math.round(high / 2), Math.round(high)].map((value) => ({ value, text: String(value) })),
    ),
    times(scale),
    limitLine(scale, EVIDENCE_LINE, 'limit'),
    limitLine(scale, WARNING_LINE, 'warning'),
    html`<path class="control" d="${path(line(scores.at, scores.relative, scale))}"/>`,
    html`<path class="treatment" d="${path(line(scores.at, scores.absolute, scale))}"/>`,
    within.filter(({ kind }) => kind === 'incident').map((mark) => markLine(mark, scale)),
  ]);
}

export function stillTimes(data: ChartData): Html | null {
  const { rates, times: mean } = data;
  const [from, to] = [rates.at[0], rates.at.at(-1)];
  const seen = [...mean.treatment, ...mean.control].filter((ms) => ms !== null);
  if (from === undefined || to === undefined || seen.length === 0) return null;
  const high = roundAbove(
    seen.map((ms) => ms / 1_000),
    0.01,
  );
  const scale = scaleOf(HALF, from, to, 0, high);
  const inSeconds = (values: readonly (number | null)[]) =>
    values.map((ms) => (ms === null ? null : ms / 1_000));
  return svg(HALF, [
    axis(
      scale,
      [0, high / 2, high].map((value) => ({ value, text: `${Math.round(value * 100) / 100} s` })),
    ),
    times(scale),
    html`<path class="control" d="${path(line(rates.at, inSeconds(mean.control), scale))}"/>`,
    html`<path class="treatment" d="${path(line(rates.at, inSeconds(mean.treatment), scale))}"/>`,
  ]);
}

const QUANTILES = [
  ['p50', 'p50_ms'],
  ['p95', 'p95_ms'],
  ['p99', 'p99_ms'],
] as const;

/** Draws durations of jobs per day and arm, on a logarithmic axis; null with fewer than two days. */
export function stillDailyTimes(days: readonly DayTimes[]): Html | null {
  if (days.length < 2) return null;
  const at = days.map(({ day }) => Date.parse(day) / 1_000);
  const power = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : Math.log10(ms));
  const lines = QUANTILES.flatMap(([name, key]) =>
    (['control', 'treatment'] as const).map((arm) => ({
      kind: `${arm} ${name}`,
      values: days.map((day) => power(day[arm]?.[key])),
    })),
  );
  const seen = lines.flatMap(({ values }) => values.filter((value) => value !== null));
  if (seen.length === 0) return null;
  const low = Math.floor(Math.min(...seen));
  const high = Math.max(low + 1, Math.ceil(Math.max(...seen)));
  const scale = scaleOf(WIDE, at[0] ?? 0, at.at(-1) ?? 0, low, high);
  const powers = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  return svg(WIDE, [
    axis(
      scale,
      powers.map((value) => ({ value, text: timeText(10 ** value) })),
    ),
    times(scale),
    lines.map(({ kind, values }) => html`<path class="${kind}" d="${path(line(at, values, scale))}"/>`),
  ]);
}

function svg({ width, height }: Frame, inner: readonly (Html | readonly Html[] | null)[]): Html {
  return html`<svg class="still" viewBox="0 0 ${width} ${height}" aria-hidden="true">${inner.flat()}</svg>`;
}

function axis(scale: Scale, values: readonly { value: number; text: string }[]): Html[] {
  return values.map(
    ({ value, text }) =>
      html`<path class="grid" d="M${scale.frame.left} ${scale.y(value)}H${scale.frame.right}"/><text class="left" x="${scale.frame.left - 6}" y="${scale.y(value) + 4}">${text}</text>`,
  );
}

function times(scale: Scale): Html[] {
  return ticksOf(scale.from, scale.to).map(
    ({ at, text }) =>
      html`<text class="middle" x="${scale.x(at)}" y="${scale.frame.height - 6}">${text}</text>`,
  );
}

function limitLine(scale: Scale, value: number, kind: 'limit' | 'warning'): Html {
  return html`<path class="${kind}" d="M${scale.frame.left} ${scale.y(value)}H${scale.frame.right}"/>`;
}

/** A triangle shows the direction of a change; an incident is a cross on its own line. */
function markLine({ at, kind, text }: Mark, scale: Scale): Html {
  const x = scale.x(at);
  const top = scale.frame.top - 6;
  const glyph =
    kind === 'incident'
      ? `M${x - 4} ${top - 4}L${x + 4} ${top + 4}M${x + 4} ${top - 4}L${x - 4} ${top + 4}`
      : kind === 'up'
        ? `M${x - 4} ${top + 4}H${x + 4}L${x} ${top - 4}Z`
        : `M${x - 4} ${top - 4}H${x + 4}L${x} ${top + 4}Z`;
  return html`<g class="mark ${kind}"><title>${text}</title><path class="rule" d="M${x} ${scale.frame.top}V${scale.frame.bottom}"/><path class="glyph" d="${glyph}"/></g>`;
}

/** Draws every check along the bottom: the worse, the higher. */
function strip({ at, badness }: ChartData['checks'], scale: Scale): Html[] {
  const columns = new Map<number, number>();
  at.forEach((seconds, i) => {
    if (seconds < scale.from) return;
    const x = Math.round(scale.x(seconds));
    columns.set(x, Math.max(columns.get(x) ?? 0, badness[i] ?? 0));
  });
  return [0, 1, 2, 3, 4].flatMap((level) => {
    const own = [...columns].filter(([, worst]) => worst === level).map(([x]) => x);
    const marks = own.map((x) => `M${x} ${scale.frame.bottom}v-${1 + level * 2}`).join('');
    return marks === '' ? [] : [html`<path class="check level${level}" d="${path(marks)}"/>`];
  });
}
