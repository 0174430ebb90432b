import { normal, type Random } from '../../lib/random.ts';
import type { Fleet, FleetJob } from './job.ts';

export interface Durations {
  /** Duration of a failure in seconds. */
  failure: number;
  /** Median seconds of a success; they are log-normal. */
  success: number;
  /** Standard deviation of the logarithm of a success's seconds. */
  spread: number;
}

/** Makes failures end early and successes late: a broken input is rejected at once, a good one is processed. */
export function* slowSuccesses(fleet: Fleet, durations: Durations, random: Random): Generator<FleetJob> {
  for (const job of fleet) {
    const seconds = job.fails
      ? durations.failure
      : durations.success * Math.exp(durations.spread * normal(random));
    yield { ...job, seconds };
  }
}
