import type { Desired } from '../../../domain/plan/desired.ts';
import {
  type AudienceChange,
  audienceChange,
  type Impact,
  type PlannedChange,
  type TestsChange,
} from '../../../domain/plan/impact.ts';
import type { Counted } from '../../../domain/policy/judge.ts';
import type { Elsewhere } from '../../../domain/policy/proof.ts';
import type { Policy } from '../../../domain/spec/policy.ts';
import type { JobsMoved } from '../../../store/configuration/jobs-moved.ts';
import type { Reader } from '../../../store/store.ts';
import type { OtherEnvironment } from '../../ports/other-environment.ts';
import { asJudged, beforeOf, entryOf, governing, type Judging, lifts } from './policy-of-change.ts';
import { proofsOf } from './proofs.ts';

/**
 * Reads proofs of other environments for the judged changes. Outside any transaction, because the answer may take long.
 */
export function proofsFor(
  other: OtherEnvironment | undefined,
  desired: Desired,
  changes: readonly PlannedChange[],
  judging: Judging,
): Promise<Map<string, Elsewhere>> {
  return proofsOf(other, raisedBy(desired, changes, judging));
}

/**
 * Counts what the policies need for the judged changes and what is not counted yet. Subjects in quarantine count as
 * entering: a person may release them after the change, when no policy is checked.
 */
export async function countForPolicy(
  read: Reader,
  desired: Desired,
  changes: readonly PlannedChange[],
  judging: Judging,
  tests: TestsChange | null,
  proofs: ReadonlyMap<string, Elsewhere>,
): Promise<Map<string, Counted>> {
  const quarantined = await read.incidents.quarantinedIds();
  const counted = new Map<string, Counted>();
  for (const { planned, change, before, policy, feature } of raisedBy(desired, changes, judging)) {
    const audience = audienceChange({ ...change, before }, tests, []);
    const isCounted = change === planned && before === change.before && !quarantined.has(feature);
    const known = isCounted ? change.impact : null;
    const sums = await countOne(read, feature, audience, policy, known);
    counted.set(feature, { ...sums, elsewhere: proofs.get(feature) ?? null });
  }
  return counted;
}

/** Returns the raises that a policy governs, as that policy judges them. */
function raisedBy(desired: Desired, changes: readonly PlannedChange[], judging: Judging) {
  return changes.flatMap((planned) => {
    const wanted = desired.features.get(planned.feature);
    const change = wanted ? asJudged(planned, wanted) : planned;
    const policy = wanted && governing(change, entryOf(wanted), judging);
    if (!policy) return [];
    const before = beforeOf(change, judging);
    return lifts({ ...change, before }) ? [{ planned, change, before, policy, feature: change.feature }] : [];
  });
}

export async function countOne(
  read: Reader,
  feature: string,
  audience: AudienceChange,
  { largest_raise, largest_category_last }: Policy,
  known: Impact | null,
): Promise<Counted> {
  const wanted = largest_raise.subjects !== null || largest_category_last;
  const impact = wanted ? (known ?? (await read.features.impact(audience))) : null;
  const barred = largest_category_last ? await countBarred(read, audience) : new Map<string | null, number>();
  const share = largest_raise.job_share !== null;
  const jobs = share ? await read.features.jobsMoved(feature, audience) : null;
  return {
    counts: impact && {
      entering: impact.entering,
      sizes: impact.categories.map((size) => ({ ...size, barred: barred.get(size.category) ?? 0 })),
    },
    job_share: jobs && shareMoved(jobs),
  };
}

/** Returns the share of moving jobs in percent. Jobs of groups, which may or may not move, count as moving. */
function shareMoved({ jobs, moving, grouped }: JobsMoved): number {
  return jobs + grouped === 0 ? 0 : (100 * (moving + grouped)) / (jobs + grouped);
}

/** Counts blacklisted subjects after a change, by category. */
async function countBarred(
  read: Reader,
  { after, tests }: AudienceChange,
): Promise<Map<string | null, number>> {
  const { subject, exposure } = after;
  if (exposure === null || exposure.blacklist.length === 0) return new Map();
  const everybody = { ...exposure, ...EVERYBODY };
  const { categories } = await read.features.impact({
    before: { subject, exposure: everybody },
    after: { subject, exposure: { ...everybody, blacklist: exposure.blacklist } },
    tests,
  });
  return new Map(categories.map(({ category, leaving }) => [category, leaving]));
}

const EVERYBODY = {
  active: true,
  emergency_stop: false,
  strategy: 'percentage' as const,
  percentage: 100,
  categories: null,
  whitelist: [],
  blacklist: [],
};
