import type { ChangeOutcome, ResumeOutcome, RollbackOutcome } from '../../domain/change/outcome.ts';
import { nothingText, obstacleText, refusalText } from '../words/outcome-words.ts';
import { planJson } from '../words/plan-model.ts';
import { titleText } from '../words/request-words.ts';

/** The fixed part of `--json` for a change of the file: `title` says `request`, and `not_live` says `obstacle`. */
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

/** The shape of `resume --json`. */
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

/** The shape of `rollback --json`: beside `because` and `pending` their codes with the facts. */
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
