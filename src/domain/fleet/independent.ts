import type { Random } from '../../lib/random.ts';
import type { FailureRate, FleetJob } from './job.ts';

export interface IndependentJobs {
  jobsPerHour: number;
  /** Length of the simulation in seconds. */
  until: number;
  rate: FailureRate;
}

/** Every job belongs to its own subject and ends at once, the textbook assumption. */
export function* independentJobs(options: IndependentJobs, random: Random): Generator<FleetJob> {
  const { jobsPerHour, until, rate } = options;
  let subject = 0;
  for (let at = 0; ; ) {
    at += (-Math.log(1 - random()) / jobsPerHour) * 3600;
    if (at >= until) return;
    const fails = random() < rate(at, subject);
    yield { at, subject: subject++, arm: 'treatment', fails, seconds: 0 };
  }
}
