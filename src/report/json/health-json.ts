import type { HealthResult } from '../../domain/change/round.ts';
import { noteText } from '../words/outcome-words.ts';
import { advanceText } from '../words/wait-words.ts';

/** The fixed shape of a result in `tick --json` and `check-health --json`. */
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
    verdict: judgement.verdict,
    reason_code: judgement.reasonCode,
    reason: judgement.reason,
    severity: judgement.severity,
    scope: judgement.scope,
    jobs: judgement.jobs,
    errors: judgement.errors,
    scores: judgement.scores,
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
