import type { ActualFeature } from '../../domain/plan/actual.ts';
import { standingOf } from '../../domain/plan/change.ts';
import { withoutBaseline } from '../../domain/plan/decide/plan.ts';
import { applied } from '../../domain/plan/decide/writes.ts';
import type { Desired } from '../../domain/plan/desired.ts';
import type { PlannedChange } from '../../domain/plan/impact.ts';
import type { ChangeReason } from '../../domain/plan/reason.ts';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import type { Applier } from '../../store/configuration/applier.ts';
import type { Store } from '../../store/store.ts';

export interface Adoption {
  /** Features whose rows already matched the file and now have it as their baseline. */
  adopted: string[];
  /** Changes that the database refused. */
  refusals: PlannedChange[];
}

/** Makes the file the baseline of rows that match it but were never reconciled, as after a migration. */
export async function adoptBaselines(
  store: Store,
  desired: Desired,
  actual: ReadonlyMap<string, ActualFeature>,
  by: { actor: string; metadata?: object },
): Promise<Adoption> {
  const adoption: Adoption = { adopted: [], refusals: [] };
  for (const feature of withoutBaseline(desired, actual)) {
    try {
      if (await adoptOne(store, desired, feature, { actor: by.actor, revision: desired.revision })) {
        adoption.adopted.push(feature);
      }
    } catch (error) {
      if (error instanceof RolloutError) throw error;
      const row = actual.get(feature);
      if (row) adoption.refusals.push(refusal(row, refusedBecause(error)));
    }
  }
  return adoption;
}

/** Converts the database's refusal of one feature to a reason. */
export function refusedBecause(error: unknown): ChangeReason {
  return { code: 'database_refused', error: errorText(error) };
}

function adoptOne(
  store: Store,
  desired: Desired,
  feature: string,
  by: Pick<Applier, 'actor' | 'revision'>,
): Promise<boolean> {
  return store.features.adoptBaseline(feature, by, ({ actual }) => {
    const wanted = desired.features.get(feature);
    if (!wanted || !actual || withoutBaseline(desired, new Map([[feature, actual]])).length === 0)
      return null;
    return { ...applied(actual, wanted, 'updated'), newEpoch: false, newStep: false };
  });
}

function refusal({ feature, columns, settings }: ActualFeature, reason: ChangeReason): PlannedChange {
  const standing = standingOf(columns);
  return {
    feature,
    action: 'refused',
    from: standing,
    to: standing,
    file: standing,
    before: columns,
    after: columns,
    held: false,
    incident: null,
    reason,
    warnings: [],
    differences: [],
    write: null,
    subject: settings.subject,
    subject_before: settings.subject,
    impact: null,
    largest: [],
  };
}
