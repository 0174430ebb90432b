import type { Advanced, Checked, TickResult } from '../../domain/change/round.ts';
import { noteText } from '../words/outcome-words.ts';
import { planJson } from '../words/plan-model.ts';
import { healthJson } from './health-json.ts';

/** The JSON format of `check-health --json`, which is also a part of a tick's. */
export function checkedJson({ results, written_back, advanced, reconcile_error }: Checked) {
  return {
    results: results.map(healthJson),
    written_back,
    advanced: advanced.map(advancedJson),
    reconcile_error,
  };
}

/** The JSON format of `tick --json`. */
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

/** Adds the sentence of `note` to its code and facts. */
function advancedJson({ note, ...advanced }: Advanced) {
  return { ...advanced, note: note && noteText(advanced.feature, note), note_facts: note };
}
