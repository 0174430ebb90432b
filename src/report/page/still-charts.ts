import { type ChartData, EVIDENCE_LINE, type Mark, WARNING_LINE } from './chart-data.ts';
import { type Html, html, path } from './html.ts';
import {
  type Frame,
  HALF,
  line,
  roundAbove,
  type Scale,
  scaleOf,
  steps,
  ticksOf,
  WIDE,
} from './still-scale.ts';

/** Charts as they stand without scripts; with scripts, charts that can be looked into take their place. */
export function stillExposure(data: ChartData): Html | null {
  const { exposure, rates, limits, marks, checks } = data;
  const [from, to] = [exposure.at[0], exposure.at.at(-1)];
  if (from === undefined || to === undefined) return null;
  const share = scaleOf(WIDE, from, to, 0, 100);
  const seen = [...rates.treatment, ...rates.control].filter((rate) => rate !== null);
  const high = roundAbove([limits.max * 1.2, ...seen], 1);
  const rate = scaleOf(WIDE, from, to, 0, high);
  const area = `${steps(exposure.at, exposure.percentage, share)}V${WIDE.bottom}H${WIDE.left}Z`;
  return svg(WIDE, [
    axis(
      share,
      [0, 25, 50, 75, 100].map((value) => ({ value, text: `${value}%` })),
      'left',
    ),
    axis(
      rate,
      [0, high / 2, high].map((value) => ({ value, text: `${Math.round(value * 100) / 100}%` })),
      'right',
    ),
    times(share),
    html`<path class="area" d="${path(area)}"/><path class="edge" d="${path(steps(exposure.at, exposure.percentage, share))}"/>`,
    limitLine(rate, limits.max, 'limit'),
    limitLine(rate, limits.warning, 'warning'),
    html`<path class="control" d="${path(line(rates.at, rates.control, rate))}"/>`,
    html`<path class="treatment" d="${path(line(rates.at, rates.treatment, rate))}"/>`,
    strip(checks, share),
    marks.map((mark) => markLine(mark, share)),
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
      'left',
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
      'left',
    ),
    times(scale),
    html`<path class="control" d="${path(line(rates.at, inSeconds(mean.control), scale))}"/>`,
    html`<path class="treatment" d="${path(line(rates.at, inSeconds(mean.treatment), scale))}"/>`,
  ]);
}

function svg({ width, height }: Frame, inner: readonly (Html | readonly Html[] | null)[]): Html {
  return html`<svg class="still" viewBox="0 0 ${width} ${height}" aria-hidden="true">${inner.flat()}</svg>`;
}

function axis(
  scale: Scale,
  values: readonly { value: number; text: string }[],
  side: 'left' | 'right',
): Html[] {
  const x = side === 'left' ? scale.frame.left - 6 : scale.frame.right + 6;
  return values.map(
    ({ value, text }) =>
      html`${side === 'left' && html`<path class="grid" d="M${scale.frame.left} ${scale.y(value)}H${scale.frame.right}"/>`}<text class="${side}" x="${x}" y="${scale.y(value) + 4}">${text}</text>`,
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

/** Triangles point where the exposure went; an incident is a cross on a line of its own. */
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

/** Every check along the foot: the worse, the higher. */
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
