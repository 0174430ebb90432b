import { poisson, type Random } from '../../lib/random.ts';
import { correlatedShare } from './beta.ts';
import type { FailureRate, FleetJob } from './job.ts';

export interface Bursts {
  jobsPerHour: number;
  /** Jobs of one burst: all of one subject, within about a minute. */
  size: number;
  /** Intra-class correlation of the jobs of a burst, 0 to 1. */
  correlation: number;
  until: number;
  rate: FailureRate;
}

const BURST_SECONDS = 60;

interface Burst {
  subject: number;
  left: number;
  share: number;
}

/**
 * Each subject sends bursts of jobs, such as all files of a repository; the jobs of one burst tend to fail together.
 */
export function* bursts(options: Bursts, random: Random): Generator<FleetJob> {
  const { jobsPerHour, size, correlation, until, rate } = options;
  let active: Burst[] = [];
  let subject = 0;
  for (let at = 1; at < until; at++) {
    for (let more = poisson(random, jobsPerHour / size / 3600); more > 0; more--) {
      const share = correlatedShare(random, rate(at, subject), correlation);
      active.push({ subject: subject++, left: size, share });
    }
    for (const burst of active) {
      const now = Math.min(burst.left, poisson(random, size / BURST_SECONDS));
      burst.left -= now;
      for (let i = 0; i < now; i++) {
        const share = correlation === 0 ? rate(at, burst.subject) : burst.share;
        yield { at, subject: burst.subject, arm: 'treatment', fails: random() < share, seconds: 0 };
      }
    }
    if (active.length > 0) active = active.filter(({ left }) => left > 0);
  }
}
