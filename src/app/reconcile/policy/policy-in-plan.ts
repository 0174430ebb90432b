import { problemsAt } from '../../../config/read/problems-at.ts';
import type { Desired } from '../../../domain/plan/desired.ts';
import type { PlannedChange } from '../../../domain/plan/impact.ts';
import type { Breach } from '../../../domain/policy/breach.ts';
import type { Refused } from '../../../domain/policy/refusal.ts';
import { openingFrom } from '../../../domain/spec/hours.ts';
import type { Problem } from '../../../domain/spec/problem.ts';
import type { Words } from '../../ports/words.ts';
import type { FileText } from '../file/desired.ts';
import { entryOf, governing, type Judging, lifts } from './policy-of-change.ts';

/** Adds a warning to each raise that would wait for the policy's hours if it were merged now. */
export function withPolicyHours(
  changes: readonly PlannedChange[],
  desired: Desired,
  judging: Pick<Judging, 'policy' | 'refusals'>,
  now: Date,
): PlannedChange[] {
  return changes.map((change) => {
    const wanted = desired.features.get(change.feature);
    const hours = wanted && governing(change, entryOf(wanted), judging)?.hours;
    const opens = hours ? openingFrom(hours, now) : now;
    if (!hours || opens <= now || !lifts(change)) return change;
    const warning = { code: 'policy_hours', opens, zone: hours.zone } as const;
    return { ...change, warnings: [...change.warnings, warning] };
  });
}

/** Returns each breach as an error at the line of its entry. */
export function breachProblems(
  { content }: FileText,
  refused: ReadonlyMap<string, Refused>,
  words: Pick<Words, 'breach'>,
): Problem[] {
  return problemsAt(
    content,
    [...refused].flatMap(([feature, { breaches }]) =>
      breaches.map((breach) => ({
        severity: 'error' as const,
        path: ['features', feature, ...placeOf(breach)],
        message: `policy: ${words.breach(breach)}`,
      })),
    ),
  );
}

function placeOf(breach: Breach): string[] {
  if (breach.code !== 'missing_key') return ['percentage'];
  return breach.key === 'rollback' ? ['rollback', 'enabled'] : [breach.key];
}
