import type { Judgement, Verdict } from '../health/judgement.ts';
import type { ReceiverProblem, Severity } from '../notify/route.ts';

export type NoticeSeverity = Severity;

/** A notification about a feature's health, as a kind with its facts. */
export type HealthNotice = {
  feature: string;
  /** The reason of the judgement. */
  reason: string;
} & (
  | { kind: Extract<Verdict, 'warning' | 'suspect' | 'error'> }
  /** `kept`: not rolled back, because `rollback.enabled` is false. */
  | { kind: 'harmful'; kept: boolean }
  | { kind: 'recovered' }
  | { kind: 'no_data' }
  /** Harm to a guardrail that only warns; a guardrail without events; a guardrail whose engine does not answer. */
  | { kind: 'guardrail_harm' | 'guardrail_silent' | 'guardrail_unread'; metric: string }
);

/** A feature that is switched off but still admits some subjects. */
export interface StillExposed {
  kind: 'still_exposed';
  feature: string;
  eligible: number;
}

/** A feature whose cutoff has passed before it reached 100%. */
export interface CutoffMissed {
  kind: 'cutoff_missed';
  feature: string;
  day: string;
  /** Percentage in the file. */
  percentage: number;
}

/** Events of an engine that were never counted, and never will be. */
export interface StepsLost {
  kind: 'steps_lost';
  feature: string;
  metric: string;
  from: Date;
  until: Date;
  /** Why they are not plausible, as a clause; null: nobody read them in time. */
  problem: string | null;
}

/** Subjects were put into quarantine because they cause most of the feature's failures. */
export interface QuarantineBegun {
  kind: 'quarantined';
  feature: string;
  subjects: readonly string[];
  reason: string;
}

/** A percentage changed, for a reason that is not an incident. */
export interface PercentageChanged {
  kind: 'percentage_changed';
  feature: string;
  /** Percentage before; 0 if the feature did not exist. */
  from: number;
  to: number;
  /** Actor and reason, as recorded in history. */
  by: string;
  reason: string | null;
}

/**
 * The file names an environment variable for a receiver, but in the controller's environment it has no usable address.
 */
export interface ReceiverMissing {
  kind: 'receiver_missing';
  /** Always null: the notice is about the controller. */
  feature: null;
  variable: string;
  problem: ReceiverProblem;
}

/** A tick could not import the repositories of the view `rollout_repository_source`. */
export interface SourceUnread {
  kind: 'source_unread';
  /** Always null: the notice is about the controller. */
  feature: null;
}

/** A notification that a person sends to check that it arrives. */
export interface TestNotice {
  kind: 'test';
  /** Feature of the test message; null: a message about the controller. */
  feature: string | null;
}

export type Notice =
  | HealthNotice
  | StillExposed
  | CutoffMissed
  | StepsLost
  | QuarantineBegun
  | PercentageChanged
  | ReceiverMissing
  | SourceUnread
  | TestNotice;

/** A notification of the outbox that was printed. */
export interface Printed {
  severity: NoticeSeverity;
  kind: string;
  /** Feature of the message; null: it is about the controller. */
  feature: string | null;
  message: string;
}

/** Facts for programs in a notice about a judgement. */
export function judgementDetails({ verdict, reasonCode, reason, scope, scores }: Judgement): object {
  return { verdict, reason_code: reasonCode, reason, scope, scores };
}
