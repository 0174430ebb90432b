import { alsoFailing, type FailureRate } from './job.ts';

export interface Deploys {
  /** Seconds between two deploys. */
  every: number;
  /** Seconds that workers are restarting. */
  last: number;
  /** Share of what would succeed that fails meanwhile, in both arms. */
  share: number;
}

/** Workers are replaced again and again, and jobs that run meanwhile are cut off. */
export function deploys(rate: FailureRate, { every, last, share }: Deploys): FailureRate {
  return (at, subject) => {
    const own = rate(at, subject);
    return at % every < last ? alsoFailing(own, share) : own;
  };
}
