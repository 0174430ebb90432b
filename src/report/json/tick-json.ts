import type { Advanced, Checked, TickResult } from '../../domain/change/round.ts';
import { noteText } from '../words/outcome-words.ts';
import { planJson } from '../words/plan-model.ts';
import { healthJson } from './health-json.ts';

/** The shape of `check-health --json`, and the part of it that a tick has too. */
export function checkedJson({ results, written_back, advanced, reconcile_error }: Checked) {
  return {
    results: results.map(healthJson),
    written_back,
    advanced: advanced.map(advancedJson),
    reconcile_error,
  };
}

/** The shape of `tick --json`. */
export function tickJson(result: TickResult) {
  const { reconciled, heartbeat, skipped, timed_out, problems, delivery, registry } = result;
  return {
    ...checkedJson(result),
    heartbeat,
    skipped,
    reconciled: reconciled && planJson(reconciled),
    timed_out,
    problems,
    delivery,
    registry,
  };
}

/** `note` in words, and beside it the code with its facts. */
function advancedJson({ note, ...advanced }: Advanced) {
  return { ...advanced, note: note && noteText(advanced.feature, note), note_facts: note };
}
