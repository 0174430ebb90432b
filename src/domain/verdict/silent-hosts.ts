import type { SilentHosts } from './reason.ts';

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
