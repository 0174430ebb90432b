const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/** Stands for an unknown value. */
const NOTHING = '·';

/** Draws values as a line of bars, from 0 to the highest, or to `top` if that is higher; null is a point. */
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

/** Least percentage at which a bar in a list is full, so that one failure in a thousand does not look large. */
const LEAST_TOP = 5;

/** Draws the share of failed jobs in each of the last hours; a point is an hour without a job. */
export function failedByHour({ jobs, errors }: HoursLike, hours = jobs.length): string {
  const rates = jobs.map((count, i) => (count === 0 ? null : ((errors[i] ?? 0) / count) * 100));
  return sparkline(rates.slice(-hours), LEAST_TOP);
}
