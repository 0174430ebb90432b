import type { Obstacle, RollbackOutcome, WrittenBack } from '../../domain/change/outcome.ts';
import { RolloutError } from '../../errors.ts';
import { writeBackPending } from '../incidents/write-back.ts';
import type { ChangeVia } from '../ports/configuration-repository.ts';
import { whyNoPlainWrites } from '../reconcile/file/plain-file-guard.ts';
import { requireFeature } from '../registry/known-feature.ts';
import { type ChangeDependencies, reconcileChange, refusalOf } from './change-file.ts';

export interface RollbackInput {
  feature: string;
  /** Percentage to lower to; null or 0 switches the feature off for all subjects, including the whitelist. */
  to: number | null;
  reason: string;
  via?: ChangeVia | undefined;
}

/** Rolls back a feature manually: in the database at once, then in the file. */
export async function rollBack(deps: ChangeDependencies, input: RollbackInput): Promise<RollbackOutcome> {
  const { feature, reason, via } = input;
  // At 0% a whitelist would still be admitted, but a rollback to 0 means nobody. `set` keeps the whitelist.
  const to = input.to === 0 ? null : input.to;
  await refuseImpossible(deps, { feature, to });
  const taken = await deps.store.incidents.rollBack({
    feature,
    actor: deps.actor,
    reason,
    severity: 'warning',
    to,
    // A person's choice for this incident applies to every later attempt, except an edit, which concerns only their
    // own folder.
    evidence: { by_hand: true, ...(via === undefined || via === 'file' ? {} : { via }) },
    epoch: null,
  });
  const untouched = { feature, incident: null, from: null, to, eligible: null, written_back: null };
  if (!taken.done) return { ...untouched, nothing: taken.because, reconciled: null, pending: null };
  return {
    ...untouched,
    nothing: null,
    incident: taken.incident,
    from: taken.from,
    eligible: taken.eligibleAfter,
    ...(await writeBack(deps, input, taken.incident)),
  };
}

async function refuseImpossible(
  { store }: ChangeDependencies,
  { feature, to }: Pick<RollbackInput, 'feature' | 'to'>,
): Promise<void> {
  const row = await store.reading(async (read) => {
    await requireFeature(read, feature);
    return (await read.features.actual(feature)).get(feature);
  });
  if (to !== null && row?.columns.strategy === 'whitelist') {
    throw new RolloutError('usage', `${feature} has the strategy whitelist, which has no percentage`, {
      hint: 'leave --to out to switch it off for everyone',
    });
  }
}

/** Failures stay pending and are retried by every tick: the database is safe already. */
async function writeBack(
  deps: ChangeDependencies,
  { feature, reason, via }: RollbackInput,
  incident: string,
): Promise<Pick<RollbackOutcome, 'written_back' | 'reconciled' | 'pending'>> {
  const refused = await whyNoPlainWrites(deps);
  if (refused)
    return {
      written_back: null,
      reconciled: null,
      pending: { code: 'write_back_refused', refusal: refusalOf(refused) },
    };
  const written = await writeBackPending(deps, via === 'file' ? incident : null);
  const own = written.find((one) => one.incident === incident) ?? null;
  if (own === null || own.state === 'pending') {
    const pending: Obstacle = { code: 'write_back_pending', error: own?.error ?? null };
    return { written_back: own, reconciled: null, pending };
  }
  if (own.state === 'proposed') {
    return { written_back: own, reconciled: null, pending: proposedObstacle(own) };
  }
  const request = { command: `rollback ${feature}`, features: [feature], reason, raises: false };
  const { reconciled, obstacle } = await reconcileChange(deps, request);
  return { written_back: own, reconciled, pending: obstacle };
}

function proposedObstacle({ error }: WrittenBack): Obstacle {
  return error === null ? { code: 'merge', branch: null } : { code: 'write_back_pending', error };
}
