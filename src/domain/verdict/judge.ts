import { strataOf } from '../comparison/sharing.ts';
import { copiedLedger, enter, type Ledger, newLedger } from '../score/ledger.ts';
import { newLevelWatch, observeLevels, readLevels } from '../score/level-watch.ts';
import type { Rule } from '../score/rule.ts';
import { LONGEST_SLICE } from '../score/slice-length.ts';
import type { StoredSlice } from '../score/stored-slice.ts';
import { ruleOver } from './budget.ts';
import { sameRates } from './checkpoint.ts';
import { type Decision, decide, reaches, speaking } from './decide.ts';
import { ALL_CATEGORIES, type FeatureEvidence, type ScopeEvidence } from './evidence.ts';
import type { Surroundings } from './excuse.ts';
import { scoresWithout } from './few-subjects.ts';
import { newScopeWatch, observeAll, type ScopeWatch } from './scope-watch.ts';
import { padded } from './young.ts';

/** The decisions on every scope of one epoch, all categories together first. */
export interface FeatureDecision {
  decisions: Decision[];
  /**
   * Scopes whose score is over the limit, with the beginning of their run in seconds since 1970; their worst subjects
   * must be read before they act.
   */
  over: { category: string | null; since: number }[];
  /** True: the checkpoint does not suffice for this decision; it must be made again from all windows. */
  needsAllWindows: boolean;
}

/** Judges all evidence of one epoch. `now` in seconds since 1970. */
export function judgeEvidence(evidence: FeatureEvidence, rule: Rule, now: number): FeatureDecision {
  if (evidence.young)
    return {
      ...judgeYoung(evidence, evidence.young, rule, now),
      needsAllWindows: evidence.checkpoint !== null,
    };
  const ledgers = ledgersOf(evidence);
  const treated = [...ledgers].flatMap(([category, { totals }]) => (totals.spans > 0 ? [category] : []));
  // A single category equals all of them.
  const categories = treated.length < 2 ? [ALL_CATEGORIES] : [ALL_CATEGORIES, ...treated];
  const watches = categories.map((category) => {
    const own = ruleOver(rule, treated.length, category === ALL_CATEGORIES ? 'all' : 'category');
    return watchScope(evidence, ledgers, own, category, now);
  });
  const decisions = watches.map((watch) =>
    heardOf(decide(watch, loneOf(evidence, watch)), evidence, watch.rule),
  );
  return { decisions, over: watches.flatMap(overOf), needsAllWindows: !suffices(evidence, rule, watches) };
}

/** Does the checkpoint suffice? It knows the sums of a score that never reached the limit, and nothing more. */
function suffices(
  { checkpoint, isCheckpointOutdated }: FeatureEvidence,
  rule: Rule,
  watches: readonly ScopeWatch[],
): boolean {
  if (checkpoint === null) return true;
  if (isCheckpointOutdated || !sameRates(checkpoint.rates, rule)) return false;
  const limit = Math.log(rule.evidence);
  return watches.every(({ peak }) => peak < limit) && checkpoint.scopes.every(([, { peak }]) => peak < limit);
}

/**
 * Judges a young epoch, over all categories together only. A score over the limit is suspect at most, unless it stays
 * over it when the jobs that must have begun count as not failed: a total breakage is rolled back nevertheless. The
 * same holds if every job failed, none ever reported a duration and control is silent: such an application never
 * reports running jobs, so waiting for its successes would never end.
 */
function judgeYoung(
  evidence: FeatureEvidence,
  { scopes, startsPerControl, timeless, until }: NonNullable<FeatureEvidence['young']>,
  rule: Rule,
  now: number,
): Omit<FeatureDecision, 'needsAllWindows'> {
  const seen = { ...evidence, scopes };
  const ledgers = ledgersOf(seen);
  const own = ruleOver(rule, ledgers.size, 'all');
  const watch = watchScope(seen, ledgers, own, ALL_CATEGORIES, now);
  const over = overOf(watch);
  const decision = decide(watch, evidence.lone);
  if (decision.verdict !== 'harmful') return { decisions: [decision], over };
  const { checkpoint, blocks, slices } = scopeOf(seen, ALL_CATEGORIES);
  const isControlHeard = slices.some(({ controlJobs }) => controlJobs > 0);
  if (timeless && !isControlHeard && slices.every(({ finished, failed }) => finished === failed))
    return { decisions: [decision], over };
  // Without finished control jobs, the number of jobs that must have begun is unknown.
  if (startsPerControl !== null && isControlHeard) {
    const sure = new Map(scopes).set(ALL_CATEGORIES, {
      checkpoint,
      blocks,
      slices: padded(slices, startsPerControl),
    });
    const proven = decide(watchScope({ ...seen, scopes: sure }, ledgers, own, ALL_CATEGORIES, now));
    if (proven.verdict === 'harmful') return { decisions: [proven], over };
  }
  const absolute = speaking(decision.readings.absolute, own.maxErrorRate, own.evidence);
  const reason = { code: 'young_epoch', absolute, until } as const;
  return { decisions: [{ ...decision, verdict: 'suspect', reason }], over };
}

/** Lone subjects are blamed only for the failures of all categories together. */
function loneOf({ lone }: FeatureEvidence, { category }: ScopeWatch): FeatureEvidence['lone'] {
  return category === ALL_CATEGORIES ? lone : [];
}

const NOTHING: ScopeEvidence = { checkpoint: null, slices: [], blocks: [] };

function scopeOf({ scopes }: FeatureEvidence, category: string | null): ScopeEvidence {
  return scopes.get(category) ?? NOTHING;
}

function ledgersOf({ scopes }: FeatureEvidence): Map<string, Ledger> {
  const ledgers = new Map<string, Ledger>();
  for (const [category, { checkpoint, slices }] of scopes) {
    if (category === ALL_CATEGORIES) continue;
    const ledger = checkpoint ? copiedLedger(checkpoint.ledger) : newLedger();
    for (const slice of slices) enter(ledger, slice);
    ledgers.set(category, ledger);
  }
  return ledgers;
}

function watchScope(
  evidence: FeatureEvidence,
  ledgers: ReadonlyMap<string, Ledger>,
  rule: Rule,
  category: string | null,
  now: number,
): ScopeWatch {
  const scope = scopeOf(evidence, category);
  const around = surroundings(evidence, ledgers, category, scope.slices, rule);
  const watch = newScopeWatch(rule, category, evidence.startedAt, scope.checkpoint);
  observeAll(watch, scope, now, around);
  return watch;
}

function surroundings(
  evidence: FeatureEvidence,
  ledgers: ReadonlyMap<string, Ledger>,
  category: string | null,
  slices: readonly StoredSlice[],
  { maxErrorRate }: Rule,
): Surroundings {
  const within = [...ledgers].filter(([one]) => category === ALL_CATEGORIES || one === category);
  const subjects = evidence.worst.get(category) ?? null;
  const without = subjects && scoresWithout(slices, maxErrorRate, subjects);
  return {
    strata: (from, until) => within.flatMap(([one, ledger]) => strataOf(one, ledger, from, until)),
    provenWithout: (categories, until, rule) => {
      const others = within.filter(([one]) => !categories.includes(one));
      const alone = others.flatMap(([one]) => scopeOf(evidence, one).slices);
      return provenBy(alone, evidence.startedAt, until, rule);
    },
    without: (ordinal) => {
      const score = without?.[ordinal];
      return subjects && score !== undefined ? { score, subjects } : null;
    },
  };
}

/** Do these slices alone, with their own starts, prove until a moment that the limit is exceeded? */
export function provenBy(slices: StoredSlice[], startedAt: number, until: number, rule: Rule): boolean {
  const watch = newLevelWatch(rule.maxErrorRate);
  const ledger = newLedger();
  let lastStartAt = startedAt;
  for (const slice of slices.sort((a, b) => a.startedAt - b.startedAt)) {
    if (slice.startedAt >= until) break;
    const weight =
      slice.spans > 0 ? Math.min(1, Math.max(0, slice.startedAt - lastStartAt) / LONGEST_SLICE) : 0;
    if (slice.spans > 0) lastStartAt = slice.startedAt;
    observeLevels(watch, { ...slice, weight }, ledger.startedAt.length);
    enter(ledger, slice);
  }
  return readLevels(watch, ledger, rule).firm >= Math.log(rule.evidence);
}

/** Jobs ended, but none of the judged ones. */
function heardOf(decision: Decision, { finished }: FeatureEvidence, rule: Rule): Decision {
  if (decision.verdict !== 'no_data' || finished === 0) return decision;
  const missing = { what: 'jobs', count: Math.ceil(rule.minimumJobs) } as const;
  const reason = { code: 'too_few_jobs', finished: 0, failed: 0, raised: null, missing } as const;
  return { ...decision, verdict: 'insufficient', reason };
}

function overOf(watch: ScopeWatch): FeatureDecision['over'] {
  const { category, rule, crossed, startedAt } = watch;
  const absolute = crossed?.absolute ?? readLevels(watch.absolute, watch.ledger, rule);
  if (!crossed && !reaches(absolute, rule.evidence)) return [];
  return [{ category, since: absolute.run.since ?? startedAt }];
}
