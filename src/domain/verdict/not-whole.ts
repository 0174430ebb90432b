import type { SilentHosts, WrongArms } from './reason.ts';

/** Fewer subjects in the wrong arm come from a race, not from a fault. */
const LEAST_WRONG = 3;
const LEAST_SHARE = 0.01;

/**
 * Returns the subjects whose jobs ran in another arm than the registry, percentage and lists give them; null if the
 * arms are right. The comparison is exact, so a handful is enough.
 */
export function misrouting(arms: WrongArms): WrongArms | null {
  return arms.wrong >= LEAST_WRONG && arms.wrong > LEAST_SHARE * arms.subjects ? arms : null;
}

/** Fewer missing jobs are an accident. */
const LEAST_MISSING = 3;

/**
 * Returns the missing jobs if they alone could be over the limit (percent): then the feature cannot be called healthy,
 * because it may have done its harm on the silent hosts. Null if the other jobs are enough.
 */
export function silence(hosts: SilentHosts, limit: number): SilentHosts | null {
  const { missing, finished } = hosts;
  return missing >= LEAST_MISSING && 100 * missing > limit * (missing + finished) ? hosts : null;
}
