import type { Step } from '../spec/spec.ts';

/** Events of a single customer of a pilot. */
export const EVENT_KINDS = ['enabled', 'disabled', 'error', 'rollback'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Stages of a pilot, lowest first. */
export const TIERS = [
  'tier_0_disabled',
  'tier_1_internal',
  'tier_2_early_adopters',
  'tier_3_general',
  'tier_4_full',
] as const;
export type Tier = (typeof TIERS)[number];

/** The tiers under the names of the originals. */
export const RolloutTier = {
  TIER_0_DISABLED: 'tier_0_disabled',
  TIER_1_INTERNAL: 'tier_1_internal',
  TIER_2_EARLY_ADOPTERS: 'tier_2_early_adopters',
  TIER_3_GENERAL: 'tier_3_general',
  TIER_4_FULL: 'tier_4_full',
} as const satisfies Record<string, Tier>;
export type RolloutTier = Tier;

/** The states of a pilot under the names of the originals. */
export const RolloutStatus = {
  PLANNED: 'planned',
  IN_PROGRESS: 'in_progress',
  PAUSED: 'paused',
  COMPLETED: 'completed',
  ROLLED_BACK: 'rolled_back',
} as const;

/** Planned: live for no customer outside its whitelist. Paused: held, paused or frozen with exposure. */
export type PilotStatus = (typeof RolloutStatus)[keyof typeof RolloutStatus];
export type RolloutStatus = PilotStatus;

const HIGHEST: readonly (readonly [Tier, number])[] = [
  ['tier_1_internal', 1],
  ['tier_2_early_adopters', 10],
  ['tier_3_general', 50],
];

/** Returns the tier of a percentage: above 0 up to 1, up to 10, up to 50, and above. */
export function tierOf(percentage: number): Tier {
  if (percentage <= 0) return 'tier_0_disabled';
  return HIGHEST.find(([, most]) => percentage <= most)?.[0] ?? 'tier_4_full';
}

/** Returns the highest percentage of a tier. */
export function percentageOf(tier: Tier): number {
  if (tier === 'tier_0_disabled') return 0;
  return HIGHEST.find(([name]) => name === tier)?.[1] ?? 100;
}

/** Returns the next tier: that of the next step, and at the end of the plan the present one. */
export function targetTierOf(percentage: number, steps: readonly Pick<Step, 'percentage'>[]): Tier {
  return tierOf(steps.find((step) => step.percentage > percentage)?.percentage ?? percentage);
}
