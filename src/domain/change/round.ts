import type { Advance } from '../gate/advance.ts';
import type { GuardrailResult } from '../guardrails/result.ts';
import type { Judgement } from '../health/judgement.ts';
import type { CategorizeReport } from '../plan/registry-change.ts';
import type { ReconcileResult } from '../plan/result.ts';
import type { CheckNote, Refusal, WrittenBack } from './outcome.ts';

/** Action of a tick after a verdict. */
export type CheckAction =
  | 'none'
  | 'rolled_back'
  | 'quarantined'
  | 'advanced'
  | 'proposed'
  | 'would_roll_back'
  | 'would_quarantine'
  | 'would_advance';

/** Findings about one feature, and the action taken. */
export interface HealthResult {
  feature: string;
  epoch: number;
  judgement: Judgement;
  /** Results of its guardrails. */
  guardrails: GuardrailResult[];
  advance: Advance;
  action: CheckAction;
  /** More about the action: the incident, or why nothing was done; null: nothing to add. */
  note: CheckNote | null;
  /** Environment overrides that apply to this judgement, or were refused; one sentence each. */
  overrides: string[];
}

/** Result of the next step of one feature. */
export interface Advanced {
  feature: string;
  action: Extract<CheckAction, 'advanced' | 'proposed' | 'none'>;
  note: CheckNote | null;
  /** The commit that made the step, and the pull request that proposes it; each is left out if there is none. */
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

/** The write-back of one feature's subjects in quarantine. */
export interface QuarantineWrittenBack extends Omit<WrittenBack, 'incident'> {
  /** Ids of the subjects. */
  subjects: string[];
}

/** A round, and the error of the reconcile that followed; null: it succeeded, or there was none. */
export interface Checked extends Round {
  reconcile_error: Refusal | null;
}

/** Results of the notifications in the outbox. */
export interface Delivery {
  delivered: number;
  /** Notifications that are still in the outbox. */
  waiting: number;
  /** Why the webhook rejected a notification; null: it rejected none. */
  error: string | null;
}

/** One run of the scheduled controller. */
export interface TickResult extends Checked {
  /** True: another tick was running, so this one did nothing. */
  skipped: boolean;
  reconciled: ReconcileResult | null;
  timed_out: number;
  /** Other errors; the tick continued after each. */
  problems: string[];
  /** GitHub functions that are switched off for the repository (issues, deployments); each is reported once. */
  warnings: string[];
  delivery: Delivery | null;
  heartbeat: Date | null;
  /** Registry changes read from the application's own tables; null: nothing new, or not due yet. */
  registry: CategorizeReport | null;
}
