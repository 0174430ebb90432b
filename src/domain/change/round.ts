import type { Advance } from '../gate/advance.ts';
import type { GuardrailResult } from '../guardrails/result.ts';
import type { Judgement } from '../health/judgement.ts';
import type { CategorizeReport } from '../plan/registry-change.ts';
import type { ReconcileResult } from '../plan/result.ts';
import type { CheckNote, Refusal, WrittenBack } from './outcome.ts';

/** What a tick did about a verdict. */
export type CheckAction =
  | 'none'
  | 'rolled_back'
  | 'quarantined'
  | 'advanced'
  | 'proposed'
  | 'would_roll_back'
  | 'would_quarantine'
  | 'would_advance';

/** What was found about one feature, and what was done. */
export interface HealthResult {
  feature: string;
  epoch: number;
  judgement: Judgement;
  /** What was found about its guardrails. */
  guardrails: GuardrailResult[];
  advance: Advance;
  action: CheckAction;
  /** More about the action: the incident, or why nothing was done. */
  note: CheckNote | null;
  /** What the environment lays over the spec for this judgement, or may not, each a sentence. */
  overrides: string[];
}

/** Result of the next step of one feature. */
export interface Advanced {
  feature: string;
  action: Extract<CheckAction, 'advanced' | 'proposed' | 'none'>;
  note: CheckNote | null;
  /** The commit that made the step, and the pull request that proposes it; left out: there is none. */
  commit?: string;
  pull_request?: number;
}

/** One judgement of every live feature, or of one. */
export interface Round {
  results: HealthResult[];
  written_back: WrittenBack[];
  /** Results of the write-backs of subjects in quarantine. */
  quarantines: QuarantineWrittenBack[];
  advanced: Advanced[];
}

/** One feature's write-back of subjects in quarantine. */
export interface QuarantineWrittenBack extends Omit<WrittenBack, 'incident'> {
  /** By id. */
  subjects: string[];
}

/** A round, and the reconcile after what it wrote; null: the reconcile was right, or there was none. */
export interface Checked extends Round {
  reconcile_error: Refusal | null;
}

/** Results of the notifications in the outbox. */
export interface Delivery {
  delivered: number;
  /** Still in the outbox. */
  waiting: number;
  /** Why the webhook did not take one. */
  error: string | null;
}

/** One run of the scheduled controller. */
export interface TickResult extends Checked {
  /** Another tick was at work, so this one did nothing. */
  skipped: boolean;
  reconciled: ReconcileResult | null;
  timed_out: number;
  /** Other errors; the tick went on after each. */
  problems: string[];
  /** Functions of the repository that are switched off (issues, deployments); reported once. */
  warnings: string[];
  delivery: Delivery | null;
  heartbeat: Date | null;
  /** Changes of the registry by the application's own tables; null: nothing new, or it was not time to look. */
  registry: CategorizeReport | null;
}
