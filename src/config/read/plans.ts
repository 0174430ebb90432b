import type { Step } from '../../domain/spec/spec.ts';
import { HOUR_SECONDS } from '../../lib/time.ts';

const DAY = 24 * HOUR_SECONDS;

/** Name of the pilot's stage below its first step: 0%. */
export const TIER_DISABLED = 'tier_0_disabled';

/** The built-in plans, by their names in `steps`. Soaks are seconds. */
export const PLANS = {
  playbook: [
    { percentage: 10, soak: 48 * HOUR_SECONDS, name: null },
    { percentage: 25, soak: 72 * HOUR_SECONDS, name: null },
    { percentage: 50, soak: 7 * DAY, name: null },
    { percentage: 75, soak: 14 * DAY, name: null },
    { percentage: 100, soak: null, name: null },
  ],
  pilot: [
    { percentage: 1, soak: 48 * HOUR_SECONDS, name: 'tier_1_internal' },
    { percentage: 10, soak: 7 * DAY, name: 'tier_2_early_adopters' },
    { percentage: 50, soak: 7 * DAY, name: 'tier_3_general' },
    { percentage: 100, soak: null, name: 'tier_4_full' },
  ],
} as const satisfies Record<string, readonly Step[]>;
