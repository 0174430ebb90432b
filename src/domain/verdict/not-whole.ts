import type { SilentHosts, WrongArms } from './reason.ts';

/** Fewer subjects in the wrong arm than these are a race somewhere, not a fault. */
const LEAST_WRONG = 3;
const LEAST_SHARE = 0.01;

/**
 * Do jobs run in another arm than registry, percentage and lists give their subjects? Each is compared exactly, so a
 * handful is enough; null where the arms are right.
 */
export function misrouting(arms: WrongArms): WrongArms | null {
  return arms.wrong >= LEAST_WRONG && arms.wrong > LEAST_SHARE * arms.subjects ? arms : null;
}

/** Fewer jobs than these are an accident. */
const LEAST_MISSING = 3;

/**
 * Are so many jobs missing that they alone could be over the limit (percent)? Then nobody can say that the feature is
 * healthy: they are those of the hosts on which it may have done the harm. Null where the rest says enough.
 */
export function silence(hosts: SilentHosts, limit: number): SilentHosts | null {
  const { missing, finished } = hosts;
  return missing >= LEAST_MISSING && 100 * missing > limit * (missing + finished) ? hosts : null;
}
