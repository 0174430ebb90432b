import { formatDuration } from '../domain/duration.ts';
import { RolloutError } from '../errors.ts';
import type { PilotOptions } from './types.ts';

const ERROR_RATE = 0.05;
const HOUR_MS = 3_600_000;

/** A pilot as rollout.yaml says it: for customers, off, with the pilot's steps. Throws `usage` for a threshold that is none. */
export function pilotFields({
  description,
  owner,
  whitelistedCustomers = [],
  blacklistedCustomers = [],
  rollbackThreshold: { errorRate = ERROR_RATE, timeWindow = HOUR_MS } = {},
}: PilotOptions) {
  if (!(errorRate > 0 && errorRate <= 1)) {
    throw new RolloutError('usage', `errorRate is ${errorRate}`, {
      hint: 'it is a fraction above 0, up to 1: 0.05 is five customers of a hundred',
    });
  }
  if (!(timeWindow >= 1_000 && Number.isFinite(timeWindow))) {
    throw new RolloutError('usage', `timeWindow is ${timeWindow}`, {
      hint: 'it is milliseconds, at least 1000: 3600000 is an hour',
    });
  }
  return {
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
    subject: 'customer',
    active: false,
    percentage: 0,
    ...(whitelistedCustomers.length === 0 ? {} : { whitelist: [...whitelistedCustomers] }),
    ...(blacklistedCustomers.length === 0 ? {} : { blacklist: [...blacklistedCustomers] }),
    thresholds: {
      max_error_rate: Math.round(errorRate * 10_000) / 100,
      window: formatDuration(Math.round(timeWindow / 1_000)),
    },
    steps: 'pilot',
  };
}
