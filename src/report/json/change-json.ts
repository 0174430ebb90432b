import type { ChangeOutcome, ResumeOutcome, RollbackOutcome } from '../../domain/change/outcome.ts';
import { nothingText, obstacleText, refusalText } from '../words/outcome-words.ts';
import { planJson } from '../words/plan-model.ts';
import { titleText } from '../words/request-words.ts';

/**
 * The common JSON fields of a change of the file: `title` is the sentence of `request`, and `not_live` that of
 * `obstacle`.
 */
export function changeJson({ requested, via, raises, file, reconciled, obstacle }: ChangeOutcome) {
  return {
    title: titleText(requested),
    request: requested,
    via,
    raises,
    file,
    live: obstacle === null,
    not_live: obstacle && obstacleText(obstacle),
    obstacle,
    reconciled: reconciled && planJson(reconciled),
  };
}

/** The JSON format of `resume --json`. */
export function resumeJson(outcome: ResumeOutcome) {
  const { features, permits, skipped, unlatched } = outcome;
  return {
    features,
    permits,
    skipped: skipped.map(({ feature, refusal }) => ({ feature, reason: refusalText(refusal), refusal })),
    unlatched,
    ...changeJson(outcome),
  };
}

/** The JSON format of `rollback --json`: `because` and `pending` stand beside their codes with the facts. */
export function rollbackJson(outcome: RollbackOutcome) {
  const { feature, nothing, pending, reconciled, ...rest } = outcome;
  return {
    feature,
    ...rest,
    because: nothing && nothingText(feature, nothing),
    nothing,
    pending: pending && obstacleText(pending),
    obstacle: pending,
    reconciled: reconciled && planJson(reconciled),
  };
}
