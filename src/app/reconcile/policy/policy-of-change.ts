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

/** The policy that judges a file's changes (the one reconciled before it), and the entries refused so far. */
export interface Judging {
  policy: Policy | null;
  refusals: ReadonlyMap<string, Refusal>;
  features: Snapshot['features'];
  incidents: readonly Incident[];
  /** Time of the change; null: the merge is still to come, so the policy's hours are ignored. */
  now: Date | null;
}

/**
 * Returns the policy over a change that was made in the file; null: none, or the change is held or repaired and raises
 * nothing.
 */
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
 * Returns a change as the policy judges it. A new feature that waits for another feature's incident is judged when it
 * arrives, as if it were created: when the incident ends, a policy that was loosened together with it would already be
 * in force.
 */
export function asJudged(change: PlannedChange, { spec, exposure }: DesiredFeature): PlannedChange {
  return change.reason.code === 'salt_held' ? { ...change, after: exposure, subject: spec.subject } : change;
}

/**
 * Returns the state before a change: the live exposure, but never more than may be live. Otherwise SQL by hand that
 * raises a feature would make room for an entry that the policy refuses.
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
