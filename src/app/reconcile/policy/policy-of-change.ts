import { expectedExposure } from '../../../domain/plan/actual.ts';
import type { DesiredFeature } from '../../../domain/plan/desired.ts';
import type { PlannedChange } from '../../../domain/plan/impact.ts';
import { raises } from '../../../domain/policy/judge.ts';
import { type Entry, policyOver, type Refusal } from '../../../domain/policy/refusal.ts';
import { atMost } from '../../../domain/spec/at-most.ts';
import type { Incident } from '../../../domain/spec/incident.ts';
import type { Policy } from '../../../domain/spec/policy.ts';
import type { ResolvedExposure } from '../../../domain/spec/spec.ts';
import type { Snapshot } from '../file/desired.ts';

/** What judges the changes of a file: the policy that was reconciled before it, and what was refused already. */
export interface Judging {
  policy: Policy | null;
  refusals: ReadonlyMap<string, Refusal>;
  features: Snapshot['features'];
  incidents: readonly Incident[];
  /** Null: it is not known yet when the change will be merged, so that the hours of the policy do not count. */
  now: Date | null;
}

/** The policy over a change that somebody made in the file; null: none, or what is held and put back, which raises nothing. */
export function governing(
  { feature, action, after, write, reason }: PlannedChange,
  entry: Entry,
  judging: Pick<Judging, 'policy' | 'refusals'>,
): Policy | null {
  const isMade = write !== null && (action === 'create' || action === 'update');
  if (after === null || !(isMade || reason.code === 'salt_held')) return null;
  return policyOver(entry, judging.policy, judging.refusals.get(feature));
}

/**
 * A change as the policy judges it. A new feature that waits for the incident of another is judged when it comes, as if
 * it were created: when the incident ends, a policy that was loosened with it would be in force.
 */
export function asJudged(change: PlannedChange, { spec, exposure }: DesiredFeature): PlannedChange {
  return change.reason.code === 'salt_held' ? { ...change, after: exposure, subject: spec.subject } : change;
}

/**
 * What a change comes from: what is live, but never more than may be. Otherwise SQL by hand that raises a feature would
 * make room for the entry that the policy refuses.
 */
export function beforeOf(
  { feature, before }: PlannedChange,
  { features, incidents }: Pick<Judging, 'features' | 'incidents'>,
): ResolvedExposure | null {
  const actual = features.get(feature);
  const hold = incidents.find((one) => one.feature === feature && one.state === 'open') ?? null;
  const expected = actual ? expectedExposure(actual, hold) : null;
  return before === null || expected === null || atMost(before, expected) ? before : expected;
}

export function lifts({
  before,
  after,
  subject_before,
  subject,
}: Pick<PlannedChange, 'before' | 'after' | 'subject_before' | 'subject'>): boolean {
  return after !== null && raises({ before, after, subject_before, subject });
}

export function entryOf({ spec, skips_steps }: DesiredFeature): Entry {
  return { spec, skip_steps: skips_steps ?? false };
}
