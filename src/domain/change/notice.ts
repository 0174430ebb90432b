import type { Judgement, Verdict } from '../health/judgement.ts';
import type { ReceiverProblem, Severity } from '../notify/route.ts';

export type NoticeSeverity = Severity;

/** What people are notified of about a feature's health, as a kind with its facts. */
export type HealthNotice = {
  feature: string;
  /** The reason of the judgement. */
  reason: string;
} & (
  | { kind: Extract<Verdict, 'warning' | 'suspect' | 'error'> }
  /** `kept`: it would be rolled back, but `rollback.enabled` is false. */
  | { kind: 'harmful'; kept: boolean }
  | { kind: 'recovered' }
  | { kind: 'no_data' }
  /** Harm to a guardrail that only warns; a guardrail without an event, or whose engine does not answer. */
  | { kind: 'guardrail_harm' | 'guardrail_silent' | 'guardrail_unread'; metric: string }
);

/** A feature that was switched off and still admits somebody. */
export interface StillExposed {
  kind: 'still_exposed';
  feature: string;
  eligible: number;
}

/** Its cutoff has passed, and it is not at 100%. */
export interface CutoffMissed {
  kind: 'cutoff_missed';
  feature: string;
  day: string;
  /** What the file asks for. */
  percentage: number;
}

/** Events of an engine that nobody read while they could be: too old by now. */
export interface StepsLost {
  kind: 'steps_lost';
  feature: string;
  metric: string;
  from: Date;
  until: Date;
}

/** Subjects were taken out of a feature because its failures are theirs. */
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
  /** 0 where it was not there. */
  from: number;
  to: number;
  /** As history has it: who did it, and why. */
  by: string;
  reason: string | null;
}

/** The file names a variable for a receiver, and the environment of the controller cannot say where it is. */
export interface ReceiverMissing {
  kind: 'receiver_missing';
  /** It is about the controller. */
  feature: null;
  variable: string;
  problem: ReceiverProblem;
}

/** A tick could not take over the repositories of the view `rollout_repository_source`. */
export interface SourceUnread {
  kind: 'source_unread';
  /** It is about the controller. */
  feature: null;
}

/** Sent by a person to see whether it arrives. */
export interface TestNotice {
  kind: 'test';
  /** Null: as if about the controller. */
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

/** A notification as it was found in the outbox and printed. */
export interface Printed {
  severity: NoticeSeverity;
  kind: string;
  /** Null: it is about the controller. */
  feature: string | null;
  message: string;
}

/** The facts that a notice about a judgement carries for programs. */
export function judgementDetails({ verdict, reasonCode, reason, scope, scores }: Judgement): object {
  return { verdict, reason_code: reasonCode, reason, scope, scores };
}
