import type { Step } from './spec.ts';

/** What can happen to a single customer of a pilot. */
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

/** Planned: never live. Paused: held, paused or frozen with exposure. */
export type PilotStatus = 'planned' | 'in_progress' | 'paused' | 'completed' | 'rolled_back';

const HIGHEST: readonly (readonly [Tier, number])[] = [
  ['tier_1_internal', 1],
  ['tier_2_early_adopters', 10],
  ['tier_3_general', 50],
];

/** The tier that a percentage is in: above 0 up to 1, up to 10, up to 50, and above. */
export function tierOf(percentage: number): Tier {
  if (percentage <= 0) return 'tier_0_disabled';
  return HIGHEST.find(([, most]) => percentage <= most)?.[0] ?? 'tier_4_full';
}

/** The highest percentage of a tier. */
export function percentageOf(tier: Tier): number {
  if (tier === 'tier_0_disabled') return 0;
  return HIGHEST.find(([name]) => name === tier)?.[1] ?? 100;
}

/** The tier that comes next: that of the next step, and at the end of the plan the present one. */
export function targetTierOf(percentage: number, steps: readonly Pick<Step, 'percentage'>[]): Tier {
  return tierOf(steps.find((step) => step.percentage > percentage)?.percentage ?? percentage);
}
