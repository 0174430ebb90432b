import type { Judgement, ReasonCode, Severity, Verdict } from '../health/judgement.ts';
import type { OnHarm } from '../spec/spec.ts';
import type { NotYet } from './allowance.ts';
import type { GuardrailJudgement } from './judge-guardrail.ts';

/** Finding about one guardrail, as stored with a check and shown. */
export interface GuardrailResult {
  metric: string;
  /** Percentage of its events that may be bad. */
  limit: number;
  on_harm: OnHarm;
  dry_run: boolean;
  verdict: Verdict;
  reason_code: ReasonCode;
  /** One sentence with the arithmetic, without a full stop and without the name of the guardrail. */
  reason: string;
  severity: Severity;
  /** Events of treatment in all the evidence, and the bad ones among them. */
  events: number;
  bad: number;
  control_events: number;
  control_bad: number;
  /** Evidence against the limit, as a natural logarithm. */
  score: number;
  /** When an engine that asked for a pause is queried again, as ISO 8601; left out if that is the next tick. */
  asks_again_at?: string;
  /** Why it freezes although the file says rollback; left out if it does not. */
  not_yet?: NotYet;
}

export function resultOf({
  metric,
  guardrail,
  judgement,
  control,
  asksAgainAt,
  notYet,
}: GuardrailJudgement): GuardrailResult {
  const { verdict, reasonCode, severity, jobs, errors, scores } = judgement;
  return {
    metric,
    limit: guardrail.limit,
    on_harm: guardrail.on_harm,
    dry_run: guardrail.dry_run,
    verdict,
    reason_code: reasonCode,
    reason: withoutName(judgement, metric),
    severity,
    events: jobs,
    bad: errors,
    control_events: control.events,
    control_bad: control.bad,
    score: scores.absolute,
    ...(asksAgainAt ? { asks_again_at: asksAgainAt.toISOString() } : {}),
    ...(notYet ? { not_yet: notYet } : {}),
  };
}

function withoutName({ reason }: Pick<Judgement, 'reason'>, metric: string): string {
  return reason.slice(`guardrail ${metric}: `.length);
}
