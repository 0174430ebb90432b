import { byKey } from './rates.ts';
import { countedTimes, type Quantiles, quantilesOf, type TimeCounters } from './time-counters.ts';

/** How long the jobs of one arm took that finished on one day, counted. */
export interface ArmDay {
  /** YYYY-MM-DD, in UTC. */
  day: string;
  arm: 'treatment' | 'control';
  times: TimeCounters;
}

/** Times of the jobs of one arm on one day. */
export interface TimesOfDay extends Quantiles {
  /** Finished jobs whose time is known. */
  jobs: number;
}

/** One day with both arms; null: no job of that arm has a known time. */
export interface DayTimes {
  /** YYYY-MM-DD, in UTC. */
  day: string;
  treatment: TimesOfDay | null;
  control: TimesOfDay | null;
}

/** The days on which a time is known, oldest first. */
export function dailyTimes(rows: readonly ArmDay[]): DayTimes[] {
  return [...byKey(rows, ({ day }) => day)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, arms]) => {
      const of = (arm: ArmDay['arm']) => {
        const times = arms.find((one) => one.arm === arm)?.times;
        return times ? { jobs: countedTimes(times), ...quantilesOf(times) } : null;
      };
      return { day, treatment: of('treatment'), control: of('control') };
    });
}

/** As it stands beside a feature: nothing where no time is kept. */
export function dailyTimesTold(days: DayTimes[] = []): { daily_times?: DayTimes[] } {
  return days.length === 0 ? {} : { daily_times: days };
}
