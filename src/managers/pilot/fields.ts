import { formatDuration } from '../../lib/duration.ts';

interface Fields {
  description: string | undefined;
  owner: string | undefined;
  whitelistedCustomers: readonly string[];
  blacklistedCustomers: readonly string[];
  rollbackThreshold: { errorRate: number; timeWindow: number };
}

/**
 * Returns a pilot's entry of rollout.yaml: for customers, with the pilot's steps. A whitelist is in at once, as in the
 * originals; without one the pilot is off until it is started.
 */
export function pilotFields(pilot: Fields) {
  const { description, owner, whitelistedCustomers, blacklistedCustomers } = pilot;
  const { errorRate, timeWindow } = pilot.rollbackThreshold;
  return {
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
    subject: 'customer',
    active: whitelistedCustomers.length > 0,
    percentage: 0,
    ...(whitelistedCustomers.length === 0 ? {} : { whitelist: [...whitelistedCustomers] }),
    ...(blacklistedCustomers.length === 0 ? {} : { blacklist: [...blacklistedCustomers] }),
    thresholds: {
      max_error_rate: Math.round(errorRate * 10_000) / 100,
      window: formatDuration(timeWindow / 1_000),
    },
    steps: 'pilot',
  };
}
