import { RolloutError } from '../../errors.ts';
import { type WrittenBack, writeBackPending } from '../incidents/write-back.ts';
import type { ChangeVia } from '../ports.ts';
import { whyNoPlainWrites } from '../reconcile/plain-file-guard.ts';
import { requireFeature } from '../registry/known-feature.ts';
import { type ChangeDependencies, type ChangeOutcome, reconcileChange } from './change-file.ts';

export interface RollbackInput {
  feature: string;
  /** Percentage to lower to; null or 0 switches the feature off for everyone, whitelist included. */
  to: number | null;
  reason: string;
  via?: ChangeVia | undefined;
}

export interface RollbackOutcome {
  feature: string;
  /** The incident that holds the feature now; null: nothing was taken away. */
  incident: string | null;
  /** Why nothing was taken away. */
  because: string | null;
  from: number | null;
  to: number | null;
  /** Subjects that the database still admits. */
  eligible: number | null;
  written_back: WrittenBack | null;
  reconciled: ChangeOutcome['reconciled'];
  /** Why the file and the database do not agree yet; the feature is rolled back all the same. */
  pending: string | null;
}

/** Rolls back a feature by hand: in the database at once, then in the file. */
export async function rollBack(deps: ChangeDependencies, input: RollbackInput): Promise<RollbackOutcome> {
  const { feature, reason, via } = input;
  // At 0% a whitelist still admits: who rolls back a feature to nothing means nobody. `set` keeps the whitelist.
  const to = input.to === 0 ? null : input.to;
  await refuseImpossible(deps, { feature, to });
  const taken = await deps.store.takeBack({
    feature,
    actor: deps.actor,
    reason,
    severity: 'warning',
    to,
    // What a person chose for this one holds for every later attempt; an edit is of the folder they are in.
    evidence: { by_hand: true, ...(via === undefined || via === 'file' ? {} : { via }) },
    epoch: null,
  });
  const nothing = { feature, incident: null, from: null, to, eligible: null, written_back: null };
  if (!taken.done) return { ...nothing, because: taken.because, reconciled: null, pending: null };
  return {
    ...nothing,
    because: null,
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
    return (await read.features(feature)).get(feature);
  });
  if (to !== null && row?.columns.strategy === 'whitelist') {
    throw new RolloutError('usage', `${feature} has the strategy whitelist, which knows no percentage`, {
      hint: 'leave --to out, and it is switched off for everyone',
    });
  }
}

/** What fails here stays pending and is tried again by every tick: the database is safe already. */
async function writeBack(
  deps: ChangeDependencies,
  { feature, reason, via }: RollbackInput,
  incident: string,
): Promise<Pick<RollbackOutcome, 'written_back' | 'reconciled' | 'pending'>> {
  const refused = await whyNoPlainWrites(deps);
  if (refused) return { written_back: null, reconciled: null, pending: refused.message };
  const written = await writeBackPending(deps, via === 'file' ? incident : null);
  const own = written.find((one) => one.incident === incident) ?? null;
  if (own === null || own.state === 'pending') {
    return { written_back: own, reconciled: null, pending: own?.error ?? 'it is not written back yet' };
  }
  if (own.state === 'proposed') {
    const pending = own.error ?? 'waits until a person merges the write-back';
    return { written_back: own, reconciled: null, pending };
  }
  const request = { command: `rollback ${feature}`, features: [feature], reason, raises: false };
  const { reconciled, not_live } = await reconcileChange(deps, request);
  return { written_back: own, reconciled, pending: not_live };
}
