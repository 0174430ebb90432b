import { alsoFailing, type FailureRate } from './job.ts';

export interface Deploys {
  /** Seconds between two deployments. */
  every: number;
  /** Seconds for which workers restart. */
  last: number;
  /** Share of otherwise successful jobs that fail during a restart, in both arms. */
  share: number;
}

/** Workers are replaced periodically, and jobs that run meanwhile are cut off. */
export function deploys(rate: FailureRate, { every, last, share }: Deploys): FailureRate {
  return (at, subject) => {
    const own = rate(at, subject);
    return at % every < last ? alsoFailing(own, share) : own;
  };
}
