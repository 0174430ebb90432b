import type { HealthResult } from '../../domain/change/round.ts';
import type { Judgement } from '../../domain/health/judgement.ts';
import { noteText } from '../words/outcome-words.ts';
import { advanceText } from '../words/wait-words.ts';

/** The JSON format of a result in `tick --json` and `check-health --json`. */
export function healthJson({
  feature,
  judgement,
  guardrails,
  advance,
  action,
  note,
  overrides,
}: HealthResult) {
  return {
    feature,
    ...judgementJson(judgement),
    guardrails,
    action,
    note: note && noteText(feature, note),
    note_facts: note,
    next_step: advance.next?.percentage ?? null,
    soak_left: advance.soakLeft,
    advance: advanceText(advance),
    wait: advance.wait,
    overrides,
  };
}

/** A verdict for programs: `reason` is the sentence of `reason_code` with its numbers. */
export function judgementJson(judgement: Judgement) {
  const { verdict, reasonCode, reason, severity, scope, jobs, errors, scores } = judgement;
  return { verdict, reason_code: reasonCode, reason, severity, scope, jobs, errors, scores };
}
