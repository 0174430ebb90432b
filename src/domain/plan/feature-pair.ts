import type { Incident } from '../spec/incident.ts';
import type { Freeze } from '../spec/spec.ts';
import type { SubjectType } from '../spec/vocabulary.ts';
import type { ActualFeature } from './actual.ts';
import { type Change, type ChangeAction, standingOf } from './change.ts';
import type { DesiredFeature } from './desired.ts';

/** Input for planning one feature's change. */
export interface FeaturePair {
  feature: string;
  desired: DesiredFeature | null;
  actual: ActualFeature | null;
  /** The open incident. */
  hold: Incident | null;
  /** The latest incident that the file agreed with. */
  settled: Incident | null;
  revision: string | null;
  freeze: readonly Freeze[];
  /** May this file settle an incident, or use a permit? A file that a person adopts may not. */
  liftsHolds: boolean;
  now: Date;
}

type Parts = Pick<Change, 'reason' | 'write'> &
  Partial<Pick<Change, 'warnings' | 'differences' | 'held' | 'incident'>>;

/** Completes a change with the facts of its feature. */
export function change(pair: FeaturePair, action: ChangeAction, parts: Parts): Change {
  const before = pair.actual?.columns ?? null;
  return {
    feature: pair.feature,
    action,
    from: standingOf(before),
    to: standingOf(parts.write?.exposure ?? before),
    file: pair.desired ? standingOf(pair.desired.exposure) : null,
    before,
    after: parts.write?.exposure ?? before,
    subject: subjectAfter(pair, parts),
    subject_before: pair.actual?.settings.subject ?? null,
    held: parts.held ?? false,
    incident: parts.incident ?? pair.hold?.id ?? null,
    reason: parts.reason,
    warnings: parts.warnings ?? [],
    differences: parts.differences ?? [],
    write: parts.write,
  };
}

/** Taken from the written state, not the file's: a hold keeps the subject type. */
function subjectAfter({ actual, desired }: FeaturePair, { write }: Parts): SubjectType {
  return write?.spec?.subject ?? actual?.settings.subject ?? desired?.spec.subject ?? 'repository';
}
