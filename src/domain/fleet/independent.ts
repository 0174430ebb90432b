import type { Random } from '../../lib/random.ts';
import type { FailureRate, FleetJob } from './job.ts';

export interface IndependentJobs {
  jobsPerHour: number;
  /** Seconds that the life lasts. */
  until: number;
  rate: FailureRate;
}

/** Every job is of a subject of its own and ends at once: what a textbook assumes. */
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
