import type { CheckNote } from '../../domain/change/outcome.ts';
import type { CheckAction } from '../../domain/change/round.ts';
import type { FailingSubject } from '../../domain/health/judgement.ts';
import { calledBy, type Quarantined, quarantineLimit } from '../../domain/quarantine/quarantine.ts';
import type { Store } from '../../store/store.ts';
import type { Words } from '../ports/words.ts';

/** A verdict caused by few subjects. */
interface FewSubjects {
  feature: string;
  epoch: number;
  reason: string;
  /** Worst first. */
  worst: readonly FailingSubject[];
}

/**
 * Puts the subjects that cause a score into quarantine, as many as an epoch allows. The verdict stays suspect, so the
 * ramp is frozen until a check finds the other subjects healthy.
 */
export async function quarantineWorst(
  { store, words }: { store: Store; words: Pick<Words, 'notice'> },
  { feature, epoch, reason, worst }: FewSubjects,
  { actor, dryRun }: { actor: string; dryRun: boolean },
): Promise<{ action: CheckAction; note: CheckNote | null }> {
  const exposed = await store.reading((read) => read.features.eligible(feature));
  const counts = exposed.get(feature) ?? [];
  const most = quarantineLimit(counts.reduce((sum, { eligible }) => sum + eligible, 0));
  if (dryRun) {
    const subjects = worst.map(({ subject }) => subject);
    return { action: 'would_quarantine', note: { code: 'quarantined', feature, subjects } };
  }
  const taken = await store.incidents.quarantine({
    ...{ feature, epoch, subjects: worst, most, reason, actor },
    notify: (some) => {
      const notice = { kind: 'quarantined', feature, subjects: some.map(calledBy), reason } as const;
      return {
        // Includes the time: a subject that was released and enters again is notified again.
        key: `quarantined:${feature}:${epoch}:${some[0]?.subject}:${some[0]?.began_at.toISOString()}`,
        ...{ feature, severity: 'warning', kind: 'quarantined', message: words.notice(notice) },
        details: { subjects: some.map(({ subject }) => subject), reason },
      };
    },
  });
  const inside = taken.length > 0 ? taken : await takenByTheFuse(store, feature, worst);
  if (inside.length === 0) return { action: 'none', note: { code: 'quarantine_full', most } };
  return { action: 'quarantined', note: { code: 'quarantined', feature, subjects: inside.map(calledBy) } };
}

/** Those whom the fuse was quicker to take out, which has notified of them; none where one of them is still in. */
async function takenByTheFuse(
  store: Store,
  feature: string,
  worst: FewSubjects['worst'],
): Promise<Quarantined[]> {
  const inside = await store.reading((read) => read.incidents.quarantined(feature));
  const ids = new Set(worst.map(({ subject }) => subject));
  const found = inside.filter(({ subject }) => ids.has(subject));
  return found.length === ids.size ? found : [];
}
