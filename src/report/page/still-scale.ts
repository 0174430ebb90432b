/** Coordinates of a still chart, with room for its axes. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const LEFT = 46;
const RIGHT = 46;
const TOP = 16;
const BOTTOM = 24;

/** Frames as wide as the page and half of it, so that their text is about as large as the page's. */
export const WIDE = frameOf(1_100, 240);
export const HALF = frameOf(530, 190);
export const STRIP = frameOf(1_100, 90);

function frameOf(width: number, height: number): Frame {
  return { width, height, left: LEFT, right: width - RIGHT, top: TOP, bottom: height - BOTTOM };
}

/** Limit of points per line: more than its pixels can show. */
const MOST_POINTS = 240;

export interface Scale {
  frame: Frame;
  x: (seconds: number) => number;
  y: (value: number) => number;
  from: number;
  to: number;
}

export function scaleOf(frame: Frame, from: number, to: number, low: number, high: number): Scale {
  const length = Math.max(1, to - from);
  const share = (value: number) => (Math.min(high, Math.max(low, value)) - low) / (high - low);
  return {
    frame,
    x: (seconds) => rounded(frame.left + ((seconds - from) / length) * (frame.right - frame.left)),
    y: (value) => rounded(frame.bottom - share(value) * (frame.bottom - frame.top)),
    from,
    to,
  };
}

/** Draws a line through present values; of neighbours within one pixel, the highest is drawn. */
export function line(at: readonly number[], values: readonly (number | null)[], scale: Scale): string {
  const group = Math.max(1, Math.ceil(at.length / MOST_POINTS));
  const points: string[] = [];
  for (let i = 0; i < at.length; i += group) {
    const own = values.slice(i, i + group).filter((value) => value !== null);
    const time = at[Math.min(at.length - 1, i + Math.floor(group / 2))];
    if (own.length === 0 || time === undefined) continue;
    points.push(`${scale.x(time)} ${scale.y(Math.max(...own))}`);
  }
  return points.length === 0 ? '' : `M${points.join('L')}`;
}

/** Draws a dot for each present value. */
export function dots(at: readonly number[], values: readonly (number | null)[], scale: Scale): string {
  return at
    .map((time, i) => {
      const value = values[i] ?? null;
      return value === null ? '' : `M${scale.x(time)} ${scale.y(value)}h0`;
    })
    .join('');
}

/** Draws steps, each of which is valid until the next. */
export function steps(at: readonly number[], values: readonly number[], scale: Scale): string {
  return at
    .map(
      (time, i) =>
        `${i === 0 ? 'M' : `H${scale.x(time)}V`}${i === 0 ? `${scale.x(time)} ` : ''}${scale.y(values[i] ?? 0)}`,
    )
    .join('');
}

/** Returns ticks of a time axis in days or hours: at most six, at round moments. */
export function ticksOf(from: number, to: number): { at: number; text: string }[] {
  const span = Math.max(3_600, to - from);
  const every = EVERY.find((seconds) => span / seconds <= 6) ?? 90 * 86_400;
  const ticks: { at: number; text: string }[] = [];
  for (let at = Math.ceil(from / every) * every; at <= to; at += every) {
    const text = new Date(at * 1_000).toISOString();
    ticks.push({ at, text: every < 86_400 ? text.slice(11, 16) : text.slice(5, 10) });
  }
  return ticks;
}

const EVERY = [
  600, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 172_800, 432_000, 864_000, 1_728_000, 5_184_000,
];

/** Returns a round number above the largest value. */
export function roundAbove(values: readonly number[], least: number): number {
  const highest = Math.max(least, ...values);
  const unit = 10 ** Math.floor(Math.log10(highest));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((n) => n * unit).find((n) => n >= highest) ?? highest;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
