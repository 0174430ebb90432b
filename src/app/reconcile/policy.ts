import { problemsAt } from '../../config/read/problems-at.ts';
import { expectedExposure } from '../../domain/plan/actual.ts';
import type { Desired, DesiredFeature } from '../../domain/plan/desired.ts';
import {
  type AudienceChange,
  audienceChange,
  type Impact,
  type PlannedChange,
  type TestsChange,
} from '../../domain/plan/impact.ts';
import type { Breach } from '../../domain/policy/breach.ts';
import { type Counted, judgePolicy, raises } from '../../domain/policy/judge.ts';
import {
  type Entry,
  isSameEntry,
  policyOver,
  type Refusal,
  type Refused,
} from '../../domain/policy/refusal.ts';
import { atMost } from '../../domain/spec/at-most.ts';
import { openingFrom } from '../../domain/spec/hours.ts';
import type { Incident } from '../../domain/spec/incident.ts';
import type { Policy } from '../../domain/spec/policy.ts';
import type { Problem } from '../../domain/spec/problem.ts';
import type { ResolvedExposure, Spec } from '../../domain/spec/spec.ts';
import type { Reader } from '../../store/store.ts';
import type { Words } from '../ports.ts';
import type { FileText, Snapshot } from './desired.ts';

/** What judges the changes of a file: the policy that was reconciled before it, and what was refused already. */
export interface Judging {
  policy: Policy | null;
  refusals: ReadonlyMap<string, Refusal>;
  features: Snapshot['features'];
  incidents: readonly Incident[];
  /** Null: it is not known yet when the change will be merged, so that the hours of the policy do not count. */
  now: Date | null;
}

/** The changes of a file that its policy refuses, by feature. `counted` is what `countForPolicy` found. */
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

/** Counts of the changes that are judged what their policies ask for and nobody has counted yet. */
export async function countForPolicy(
  read: Reader,
  desired: Desired,
  changes: readonly PlannedChange[],
  judging: Judging,
  tests: TestsChange | null,
): Promise<Map<string, Counted>> {
  const counted = new Map<string, Counted>();
  for (const planned of changes) {
    const wanted = desired.features.get(planned.feature);
    const change = wanted ? asJudged(planned, wanted) : planned;
    const policy = wanted && governing(change, entryOf(wanted), judging);
    if (!policy) continue;
    const before = beforeOf(change, judging);
    if (!lifts({ ...change, before })) continue;
    const audience = audienceChange({ ...change, before }, tests);
    const known = change === planned && before === change.before ? change.impact : null;
    counted.set(change.feature, await countOne(read, change.feature, audience, policy, known));
  }
  return counted;
}

/** What the policy in force has against the controller's own step; its hours are the gate's affair. */
export async function againstStep(
  read: Reader,
  feature: string,
  reconciled: Spec,
  percentage: number,
): Promise<Breach[]> {
  const { policy } = await read.state();
  const before = (await read.features.actual(feature)).get(feature)?.columns;
  if (policy === null || !before) return [];
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
  return judgePolicy(policy, { ...facts, ...counted }, null);
}

async function countOne(
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
    job_share: jobs && (jobs.jobs === 0 ? 0 : (100 * jobs.moving) / jobs.jobs),
  };
}

/** Subjects in the blacklist after a change, by category. */
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

/** The policy over a change that somebody made in the file; null: none, or what is held and put back, which raises nothing. */
function governing(
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
function asJudged(change: PlannedChange, { spec, exposure }: DesiredFeature): PlannedChange {
  return change.reason.code === 'salt_held' ? { ...change, after: exposure, subject: spec.subject } : change;
}

/**
 * What a change comes from: what is live, but never more than may be. Otherwise SQL by hand that raises a feature would
 * make room for the entry that the policy refuses.
 */
function beforeOf(
  { feature, before }: PlannedChange,
  { features, incidents }: Pick<Judging, 'features' | 'incidents'>,
): ResolvedExposure | null {
  const actual = features.get(feature);
  const hold = incidents.find((one) => one.feature === feature && one.state === 'open') ?? null;
  const expected = actual ? expectedExposure(actual, hold) : null;
  return before === null || expected === null || atMost(before, expected) ? before : expected;
}

function lifts({
  before,
  after,
  subject_before,
  subject,
}: Pick<PlannedChange, 'before' | 'after' | 'subject_before' | 'subject'>): boolean {
  return after !== null && raises({ before, after, subject_before, subject });
}

/** What is to be kept of the refusals of a file, and of which features there is none any more. */
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
    if (refused.has(feature) || desired.broken.has(feature)) return false;
    const wanted = desired.features.get(feature);
    return !wanted || !isSameEntry(entryOf(wanted), entry) || !changing.has(feature);
  });
  return { kept, gone: gone.map(({ feature }) => feature) };
}

/** The changes, with a warning for a raise that would have to wait for the hours of the policy if it were merged now. */
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

/** Each breach as an error beside the line that it is about. */
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

function entryOf({ spec, skips_steps }: DesiredFeature): Entry {
  return { spec, skip_steps: skips_steps ?? false };
}
