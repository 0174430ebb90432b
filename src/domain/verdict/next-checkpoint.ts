import type { Rule } from '../score/rule.ts';
import { impossible } from '../score/window.ts';
import { type Checkpoint, ratesOf, sameRates, scopeCheckpoint } from './checkpoint.ts';
import { checkpointOf, judgedOf, treatmentOf, type Windows, windowsByScope } from './evidence.ts';
import { judgedFrom, youthOf } from './young.ts';

/**
 * Returns the checkpoint that ends at `until`, a multiple of `CHECKPOINT_SECONDS` in seconds since 1970, made from these
 * windows and the checkpoint before them. `keep`: what is stored, if anything, is as good. `forget`: what is stored no
 * longer suffices; the next judgement needs all windows.
 */
export function nextCheckpoint(seen: Windows, rule: Rule, until: number): Checkpoint | 'keep' | 'forget' {
  const { startedAt, now, windows, timeless = false, checkpoint = null } = seen;
  const youth = youthOf(startedAt, seen.durations, treatmentOf(seen), timeless);
  if ((youth && now < youth.until) || impossible(windows) !== null) return 'forget';
  const from = judgedFrom(youth, startedAt);
  if (checkpoint && !(checkpoint.judgedFrom === from && sameRates(checkpoint.rates, rule))) return 'forget';
  if (until <= startedAt || (checkpoint && checkpoint.until >= until)) return 'keep';
  const before = windows.filter((window) => window.startedAt < until);
  const scopes = windowsByScope(judgedOf(before, youth, startedAt), checkpoint);
  const next: Checkpoint = {
    ...{ until, startedAt, judgedFrom: from, rates: ratesOf(rule) },
    treatment: treatmentOf({ windows: before, checkpoint }),
    scopes: [...scopes].map(([scope, own]) => [
      scope,
      scopeCheckpoint(checkpointOf(checkpoint, scope), own, { startedAt, rule }),
    ]),
  };
  const isCalm = next.scopes.every(([, { peak }]) => peak < Math.log(rule.evidence));
  return isCalm ? next : 'forget';
}
