import { byKey } from './rates.ts';
import { countedTimes, type Quantiles, quantilesOf, type TimeCounters } from './time-counters.ts';

/** Counters of the durations of one arm's jobs that finished on one day. */
export interface ArmDay {
  /** YYYY-MM-DD, in UTC. */
  day: string;
  arm: 'treatment' | 'control';
  times: TimeCounters;
}

/** Durations of one arm's jobs on one day. */
export interface TimesOfDay extends Quantiles {
  /** Finished jobs of known duration. */
  jobs: number;
}

/** One day with both arms; an arm is null if no job of it has a known duration. */
export interface DayTimes {
  /** YYYY-MM-DD, in UTC. */
  day: string;
  treatment: TimesOfDay | null;
  control: TimesOfDay | null;
}

/** Returns the days with a known duration, oldest first. */
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

/** The JSON field of a feature's answer; left out if no times are kept. */
export function dailyTimesTold(days: DayTimes[] = []): { daily_times?: DayTimes[] } {
  return days.length === 0 ? {} : { daily_times: days };
}
