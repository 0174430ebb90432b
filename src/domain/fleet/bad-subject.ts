import type { FailureRate } from './job.ts';
import type { Population } from './population.ts';

/** Gives the first subject this share of all jobs. */
export function busiest({ activity, treated }: Population, share: number): Population {
  const others = activity.slice(1).reduce((sum, each) => sum + each, 0);
  return { treated, activity: [share, ...activity.slice(1).map((each) => ((1 - share) * each) / others)] };
}

/** From this second on every job of the first subject fails, because its input is broken and not the feature. */
export function oneBadSubject(rate: FailureRate, from: number): FailureRate {
  return (at, subject) => (subject === 0 && at >= from ? 1 : rate(at, subject));
}
