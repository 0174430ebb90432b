const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/** Where nothing is known: neither low nor high. */
const NOTHING = '·';

/** Values as a line of bars, from 0 to the highest, or to `top` where that is higher; null is a point. */
export function sparkline(values: readonly (number | null)[], top = 0): string {
  const highest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), top);
  return values
    .map((value) => {
      if (value === null) return NOTHING;
      const level = highest === 0 ? 0 : Math.round((value / highest) * (LEVELS.length - 1));
      return LEVELS[level] ?? NOTHING;
    })
    .join('');
}
