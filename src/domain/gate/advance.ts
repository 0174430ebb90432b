import { excessOf, type Spending } from '../evidence/spending.ts';
import type { Judgement } from '../health/judgement.ts';
import { dayObstacle } from '../spec/days.ts';
import { type Hours, openingFrom } from '../spec/hours.ts';
import type { Freeze, Spec, Step } from '../spec/spec.ts';
import { type Spread, silenceOf } from './silence.ts';
import type { Wait } from './wait.ts';

/** Input of the gate to the next step. */
export interface Gate {
  spec: Pick<
    Spec,
    | 'steps'
    | 'advance'
    | 'paused'
    | 'percentage'
    | 'strategy'
    | 'thresholds'
    | 'hours'
    | 'not_before'
    | 'cutoff'
  >;
  judgement: Pick<Judgement, 'verdict' | 'reason'>;
  /** Finished treatment jobs since the step began, and the failed ones among them. */
  step: { jobs: number; errors: number };
  /** Start of the soak: when the step was applied, or the last tick that was not healthy. */
  soakingSince: Date;
  /** Seconds since then in which the feature was paused. */
  pausedSeconds: number;
  spread: Spread;
  /** Cost of the next step; null without a budget. */
  spending: Spending | null;
  held: boolean;
  freeze: Freeze | null;
  /** The hours in which the policy allows raises; null: any. */
  policyHours: Hours | null;
  now: Date;
}

/** The next step, and whether it may be taken now. */
export interface Advance {
  /** The next step; null where there is none. */
  next: Step | null;
  /** Seconds left of the soak; 0 when it is over. */
  soakLeft: number;
  /** What the next step waits for; null: nothing. */
  wait: Wait | null;
  /** Finished treatment jobs since the step began, and the failed ones among them. */
  step: { jobs: number; errors: number };
}

/** Returns the first step above the present percentage; null at the end of the plan and without a plan. */
export function nextStep(spec: Pick<Spec, 'steps' | 'percentage' | 'strategy'>): Step | null {
  if (spec.strategy === 'whitelist') return null;
  return spec.steps.find((step) => step.percentage > spec.percentage) ?? null;
}

type Ramp = Pick<Spec, 'steps' | 'advance' | 'percentage' | 'active' | 'emergency_stop'>;

/** Returns the rule of the file that demands a review of a raise to `to` percent; null: none. */
export function reviewOf(spec: Ramp, to: number): ReviewRule | null {
  if (spec.advance === 'pull_request') return { code: 'advance' };
  const from = spec.active && !spec.emergency_stop ? spec.percentage : 0;
  const approved = spec.steps.find(
    ({ approve, percentage }) => approve && percentage > from && percentage <= to,
  );
  return approved ? { code: 'approve', percentage: approved.percentage } : null;
}

/** A rule of the file that demands a review. */
export type ReviewRule = { code: 'advance' } | { code: 'approve'; percentage: number };

/** How the step to `to` percent is taken: by pull request if the file demands a review, otherwise as `advance` says. */
export function wayTo(spec: Ramp, to: number): Spec['advance'] {
  return spec.advance !== 'manual' && reviewOf(spec, to) ? 'pull_request' : spec.advance;
}

/**
 * Judges whether the feature may go to its next step: one step at a time, never backward, and only if every condition
 * holds.
 *
 * `byHand`: a person runs `rollout advance`; the same gate, except that `advance: manual` does not wait.
 */
export function judgeAdvance(gate: Gate, byHand = false): Advance {
  const next = nextStep(gate.spec);
  const soakLeft = soakLeftOf(gate);
  return { next, soakLeft, wait: waitOf(gate, next, soakLeft, byHand), step: gate.step };
}

function waitOf(gate: Gate, next: Step | null, soakLeft: number, byHand: boolean): Wait | null {
  const { spec, step, judgement, freeze, now } = gate;
  const { advance_error_rate } = spec.thresholds;
  const needed = presentStep(spec)?.minimum_jobs ?? spec.thresholds.minimum_jobs;
  if (next === null) return { code: spec.steps.length === 0 ? 'no_steps' : 'last_step' };
  if (gate.held) return { code: 'held' };
  if (spec.paused) return { code: 'paused' };
  if (freeze) return { code: 'freeze', to: freeze.to, reason: freeze.reason };
  const day = dayObstacle(spec, now);
  if (day !== null) return day;
  const { verdict, reason } = judgement;
  if (verdict !== 'healthy') return { code: 'verdict', verdict, reason };
  if (step.jobs < needed) return { code: 'few_jobs', jobs: step.jobs, needed };
  if (exceeds(step, advance_error_rate)) return { code: 'failing', ...step, limit: advance_error_rate };
  if (soakLeft > 0) return { code: 'soak', left_seconds: soakLeft };
  const silence = silenceOf(gate.spread, soakOf(spec));
  if (silence !== null) return silence;
  const dear = budgetWait(gate);
  if (dear !== null) return dear;
  const outside = hoursWait(gate);
  if (outside !== null) return outside;
  return spec.advance === 'manual' && !byHand ? { code: 'person', percentage: next.percentage } : null;
}

function budgetWait({ spending }: Gate): Wait | null {
  if (spending === null) return null;
  if (spending.problem !== null) return { code: 'cost_unknown', problem: spending.problem };
  const excess = excessOf(spending);
  return excess && { code: 'over_budget', ...excess };
}

/** Checked last of what the controller waits for: this wait ends by itself and says nothing about the feature. */
function hoursWait({ spec, policyHours, now }: Gate): Wait | null {
  for (const hours of [spec.hours, policyHours]) {
    const opens = hours ? openingFrom(hours, now) : now;
    if (hours && opens > now) return { code: 'hours', opens, zone: hours.zone };
  }
  return null;
}

/** Is the observed rate above the limit? Compared in whole numbers: 69 of 3000 is 2.3%, not slightly more. */
function exceeds({ jobs, errors }: Gate['step'], limit: number): boolean {
  return errors * 1_000_000 > Math.round(limit * 10_000) * jobs;
}

/**
 * Returns the seconds that the present percentage must soak; 0 if no step asks for a soak. Between two steps, the lower
 * one's soak applies: somebody may have gone back in doubt.
 */
export function soakOf(spec: Pick<Spec, 'steps' | 'percentage'>): number {
  return presentStep(spec)?.soak ?? 0;
}

function presentStep({ steps, percentage }: Pick<Spec, 'steps' | 'percentage'>): Step | undefined {
  return steps.findLast((step) => step.percentage <= percentage);
}

function soakLeftOf({ spec, soakingSince, pausedSeconds, now }: Gate): number {
  const soaked = (now.getTime() - soakingSince.getTime()) / 1_000 - pausedSeconds;
  return Math.max(0, soakOf(spec) - soaked);
}
