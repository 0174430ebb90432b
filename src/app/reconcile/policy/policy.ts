import type { Desired } from '../../../domain/plan/desired.ts';
import type { PlannedChange } from '../../../domain/plan/impact.ts';
import type { Breach } from '../../../domain/policy/breach.ts';
import { type Counted, type JudgedChange, judgePolicy } from '../../../domain/policy/judge.ts';
import {
  isSameEntry,
  type Refusal,
  type Refused,
  TEST_REPOSITORIES,
} from '../../../domain/policy/refusal.ts';
import type { Policy } from '../../../domain/spec/policy.ts';
import type { Spec } from '../../../domain/spec/spec.ts';
import type { Reader, Store } from '../../../store/store.ts';
import type { OtherEnvironment } from '../../ports/other-environment.ts';
import { countOne } from './policy-counts.ts';
import { asJudged, beforeOf, entryOf, governing, type Judging } from './policy-of-change.ts';
import { proofOf } from './proofs.ts';

/** Returns the changes of a file that its policy refuses, by feature. `counted` comes from `countForPolicy`. */
export function refusedBy(
  desired: Desired,
  changes: readonly PlannedChange[],
  judging: Judging,
  counted: ReadonlyMap<string, Counted> = new Map(),
): Map<string, Refused> {
  const refused = new Map<string, Refused>();
  for (const planned of changes) {
    const { feature, subject_before } = planned;
    const wanted = desired.features.get(feature);
    const change = wanted ? asJudged(planned, wanted) : planned;
    const policy = wanted && governing(change, entryOf(wanted), judging);
    if (!wanted || !policy) continue;
    const { spec, exposure: after } = wanted;
    const spec_before = judging.features.get(feature)?.spec ?? null;
    const facts = {
      before: beforeOf(change, judging),
      subject_before,
      spec_before,
      after,
      spec,
      skips_steps: wanted.skips_steps ?? false,
    };
    const breaches = judgePolicy(
      policy,
      { ...facts, ...(counted.get(feature) ?? NOBODY_COUNTED) },
      judging.now,
    );
    if (breaches.length > 0) refused.set(feature, { policy, breaches });
  }
  return refused;
}

const NOBODY_COUNTED: Counted = { counts: null, job_share: null };

/**
 * Returns the present policy's breaches by the controller's own step; its hours are checked by the gate. Other
 * environments are read outside any transaction.
 */
export async function againstStep(
  store: Pick<Store, 'reading'>,
  feature: string,
  reconciled: Spec,
  percentage: number,
  other: OtherEnvironment | undefined,
): Promise<Breach[]> {
  const judged = await store.reading((read) => countStep(read, feature, reconciled, percentage));
  if (judged === null) return [];
  const elsewhere = await proofOf(other, judged.policy, feature);
  return judgePolicy(judged.policy, { ...judged.change, elsewhere }, null);
}

/** Counts the step for the policy; null if the file has no policy. */
async function countStep(
  read: Reader,
  feature: string,
  reconciled: Spec,
  percentage: number,
): Promise<{ policy: Policy; change: JudgedChange } | null> {
  const { policy } = await read.state();
  const before = (await read.features.actual(feature)).get(feature)?.columns;
  if (policy === null || !before) return null;
  const { subject } = reconciled;
  const after = { ...before, percentage };
  const audience = {
    before: { subject, exposure: before },
    after: { subject, exposure: after },
    tests: null,
  };
  const counted = await countOne(read, feature, audience, policy, null);
  const spec = { ...reconciled, percentage };
  const facts = { before, subject_before: subject, spec_before: reconciled, after, spec, skips_steps: false };
  return { policy, change: { ...facts, ...counted } };
}

/** Returns which refusals of a file to keep, and the features that no longer have one. */
export function refusalsAfter(
  desired: Desired,
  changes: readonly PlannedChange[],
  refused: ReadonlyMap<string, Refused>,
  known: ReadonlyMap<string, Refusal>,
): { kept: Omit<Refusal, 'allowed'>[]; gone: string[] } {
  const changing = new Set(changes.map(({ feature }) => feature));
  const kept = [...refused].flatMap(([feature, { policy }]) => {
    const wanted = desired.features.get(feature);
    return wanted ? [{ feature, entry: entryOf(wanted), policy }] : [];
  });
  const gone = [...known.values()].filter(({ feature, entry }) => {
    if (feature === TEST_REPOSITORIES || refused.has(feature) || desired.broken.has(feature)) return false;
    const wanted = desired.features.get(feature);
    return !wanted || !isSameEntry(entryOf(wanted), entry) || !changing.has(feature);
  });
  return { kept, gone: gone.map(({ feature }) => feature) };
}
