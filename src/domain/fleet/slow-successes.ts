import { normal, type Random } from '../../lib/random.ts';
import type { Fleet, FleetJob } from './job.ts';

export interface Durations {
  /** Seconds after which a failure ends. */
  failure: number;
  /** Median seconds of a success; they are log-normal. */
  success: number;
  /** Spread of the logarithm of a success's seconds. */
  spread: number;
}

/** Makes failures end soon and successes late: a broken input is refused at once, a good one is worked on. */
export function* slowSuccesses(fleet: Fleet, durations: Durations, random: Random): Generator<FleetJob> {
  for (const job of fleet) {
    const seconds = job.fails
      ? durations.failure
      : durations.success * Math.exp(durations.spread * normal(random));
    yield { ...job, seconds };
  }
}
