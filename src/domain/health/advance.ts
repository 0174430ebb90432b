import { formatDuration } from '../../lib/duration.ts';
import type { Freeze, Spec, Step } from '../spec/spec.ts';
import type { Judgement } from './judgement.ts';
import { type Spread, silenceOf } from './silence.ts';
import { verdictWord } from './wording.ts';

/** Everything the gate looks at before the next step. */
export interface Gate {
  spec: Pick<Spec, 'steps' | 'advance' | 'paused' | 'percentage' | 'strategy' | 'thresholds'>;
  judgement: Pick<Judgement, 'verdict' | 'reason'>;
  /** Finished treatment jobs since the step began, and those that failed. */
  step: { jobs: number; errors: number };
  /** When the clock of the soak began: the step's application, or the last tick that was not healthy. */
  soakingSince: Date;
  /** Seconds since then in which the feature was paused. */
  pausedSeconds: number;
  spread: Spread;
  held: boolean;
  freeze: Freeze | null;
  now: Date;
}

/** What comes next and whether it may come now; the reason is one sentence for the status and the log. */
export interface Advance {
  ready: boolean;
  /** The next step; null where there is none. */
  next: Step | null;
  /** Seconds of the soak that are left; 0 when it is over. */
  soakLeft: number;
  reason: string;
}

/** The first step above the present percentage; null at the end of the plan and without one. */
export function nextStep(spec: Pick<Spec, 'steps' | 'percentage' | 'strategy'>): Step | null {
  if (spec.strategy === 'whitelist') return null;
  return spec.steps.find((step) => step.percentage > spec.percentage) ?? null;
}

/**
 * May the feature go to its next step? One step at a time, never backward, and only when everything says so.
 *
 * `byHand` asks for a person who runs `rollout advance`: the same gate, but for `advance: manual`.
 */
export function judgeAdvance(gate: Gate, byHand = false): Advance {
  const next = nextStep(gate.spec);
  const soakLeft = soakLeftOf(gate);
  const reason = waitsFor(gate, next, soakLeft, byHand);
  if (reason !== null) return { ready: false, next, soakLeft, reason };
  const rate = rateText(gate.step.jobs, gate.step.errors);
  return {
    ready: true,
    next,
    soakLeft,
    reason: `healthy for the whole soak: ${gate.step.errors} of ${gate.step.jobs} jobs of this step failed (${rate})`,
  };
}

function waitsFor(gate: Gate, next: Step | null, soakLeft: number, byHand: boolean): string | null {
  const { spec, step, judgement } = gate;
  const { minimum_jobs, advance_error_rate } = spec.thresholds;
  if (next === null) return spec.steps.length === 0 ? 'no steps' : 'at the last step';
  if (gate.held) return 'waits: held by an incident';
  if (spec.paused) return 'waits: paused';
  if (gate.freeze) return `waits: freeze until ${gate.freeze.to} (${gate.freeze.reason})`;
  if (judgement.verdict !== 'healthy') return `waits: ${verdictWord(judgement.verdict)}, ${judgement.reason}`;
  if (step.jobs < minimum_jobs)
    return `waits: ${step.jobs} of ${minimum_jobs} jobs of this step have finished`;
  if (exceeds(step, advance_error_rate)) {
    return `waits: ${step.errors} of ${step.jobs} jobs of this step failed: ${rateText(step.jobs, step.errors)}, above advance_error_rate ${advance_error_rate}%`;
  }
  if (soakLeft > 0) return `waits: ${formatDuration(roundedUp(soakLeft))} of the soak left`;
  const silence = silenceOf(gate.spread, soakOf(spec));
  if (silence !== null) return `waits: ${silence}`;
  return spec.advance === 'manual' && !byHand ? `ready for ${next.percentage}%: waits for a person` : null;
}

/** Is the observed rate above the limit? In whole numbers: 69 of 3000 is 2.3%, not a little more. */
function exceeds({ jobs, errors }: Gate['step'], limit: number): boolean {
  return errors * 1_000_000 > Math.round(limit * 10_000) * jobs;
}

/**
 * Seconds that the present percentage must soak; 0 where no step asks for it. Between two steps it is the lower
 * one's: somebody may have gone back to it in doubt.
 */
export function soakOf({ steps, percentage }: Pick<Spec, 'steps' | 'percentage'>): number {
  return steps.findLast((step) => step.percentage <= percentage)?.soak ?? 0;
}

function soakLeftOf({ spec, soakingSince, pausedSeconds, now }: Gate): number {
  const soaked = (now.getTime() - soakingSince.getTime()) / 1_000 - pausedSeconds;
  return Math.max(0, soakOf(spec) - soaked);
}

/** Whole minutes above a minute, so that the sentence stays short. */
function roundedUp(seconds: number): number {
  return seconds > 60 ? Math.ceil(seconds / 60) * 60 : Math.ceil(seconds);
}

function rateText(jobs: number, errors: number): string {
  return `${jobs === 0 ? 0 : Math.round((errors / jobs) * 10_000) / 100}%`;
}
