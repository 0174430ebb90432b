import { alsoFailing, type FailureRate } from './job.ts';

/** Between two seconds a service that all subjects share is down, and this share of otherwise successful jobs fails. */
export function outage(rate: FailureRate, from: number, until: number, share: number): FailureRate {
  return (at, subject) => {
    const own = rate(at, subject);
    return at >= from && at < until ? alsoFailing(own, share) : own;
  };
}
