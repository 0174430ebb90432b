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

/** Finished jobs by the hour, oldest first. */
export interface HoursLike {
  jobs: readonly number[];
  errors: readonly number[];
}

/** Percent at which a bar of a list is full at the least: one failure of a thousand is no mountain. */
const LEAST_TOP = 5;

/** The share that failed in each of the last hours; a point is an hour without a job. */
export function failedByHour({ jobs, errors }: HoursLike, hours = jobs.length): string {
  const rates = jobs.map((count, i) => (count === 0 ? null : ((errors[i] ?? 0) / count) * 100));
  return sparkline(rates.slice(-hours), LEAST_TOP);
}
