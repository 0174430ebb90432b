import { type RelativeWatch, readRelative } from '../comparison/relative-watch.ts';
import { type Shared, type Stratum, sharedOutage, treatmentIsWorse } from '../comparison/sharing.ts';
import { countsBetween, type Ledger } from '../score/ledger.ts';
import type { Reading } from '../score/level-watch.ts';
import type { Rule } from '../score/rule.ts';
import type { StoredSlice } from '../score/stored-slice.ts';
import { restsOnFew, type WorstSubjects } from './few-subjects.ts';

/** Why a score over the limit does not act. */
export type Excuse =
  | { code: 'few_subjects'; without: number; subjects: number; worst: WorstSubjects['worst'] }
  | { code: 'shared_outage'; shared: Shared }
  | { code: 'awaiting_control'; controlJobs: number };

/** Evidence against which a crossing is checked before it acts. */
export interface Surroundings {
  /** The counts of each category between two moments, in seconds since 1970. */
  strata: (from: number, until: number) => Stratum[];
  /** Do the categories other than these alone prove, until a moment, that the limit is exceeded? */
  provenWithout: (categories: readonly string[], until: number, rule: Rule) => boolean;
  /** The score without the worst subjects after the slice with this ordinal; null if not known or not requested. */
  without: (ordinal: number) => { score: number; subjects: WorstSubjects } | null;
}

/** What is known of a scope whose score is over the limit. */
interface Scope {
  rule: Rule;
  startedAt: number;
  slices: readonly StoredSlice[];
  ledger: Ledger;
  relative: RelativeWatch;
}

/** Returns why this reading, which is over the limit, must not act; null if it must. */
export function excuseOf(
  watch: Scope,
  absolute: Reading,
  until: number,
  around: Surroundings,
): Excuse | null {
  const ordinal = watch.slices.length - 1;
  const left = watch.rule.fewSubjects === 'harmful' ? null : around.without(ordinal);
  if (left && restsOnFew(left.score)) {
    const { subjects, worst } = left.subjects;
    return { code: 'few_subjects', without: left.score, subjects, worst };
  }
  if (watch.rule.sharedOutage === 'harmful') return null;
  const strata = around.strata(absolute.run.since ?? watch.startedAt, until);
  const proven = (categories: readonly string[]) => around.provenWithout(categories, until, watch.rule);
  const shared = sharedOutage(strata, watch.rule, proven);
  if (shared) return { code: 'shared_outage', shared };
  return awaitsControl(watch, strata, until)
    ? { code: 'awaiting_control', controlJobs: absolute.run.controlJobs }
    : null;
}

/** Seconds of the past in which control counts as reporting. */
const HEARD_WITHIN = 3600;
/** Minimum seconds of control's silence that count as an answer: it will not show whether it fails too. */
const SILENT_AFTER = 60;
/** ln 100: expected control jobs in a silence whose probability is 1%. */
const EXPECTED_IN_SILENCE = Math.log(100);
/** Evidence, as odds to 1, that treatment is worse than control; with it, control is not awaited. */
const WORSE_EVIDENCE = 100;

/** Does control report, but with too few jobs since the run began to show whether it fails too? */
function awaitsControl(watch: Scope, strata: readonly Stratum[], until: number): boolean {
  const { ledger, relative, rule } = watch;
  const at = ledger.startedAt.at(-1) ?? watch.startedAt;
  const { controlJobs } = countsBetween(ledger, at - HEARD_WITHIN, until);
  if (controlJobs === 0) return false;
  if (readRelative(relative, rule).score >= Math.log(WORSE_EVIDENCE)) return false;
  if (treatmentIsWorse(strata)) return false;
  const silence = until - lastHeardOf(watch, at);
  return silence < Math.max(SILENT_AFTER, (EXPECTED_IN_SILENCE * HEARD_WITHIN) / controlJobs);
}

/** Returns since when control has finished no job, to the precision of a slice, in seconds since 1970. */
function lastHeardOf({ slices }: Scope, at: number): number {
  let quietSince = at;
  for (let i = slices.length - 1; i >= 0; i--) {
    const slice = slices[i] as StoredSlice;
    if (slice.controlJobs > 0) return i === slices.length - 1 ? Infinity : quietSince;
    quietSince = slice.startedAt;
  }
  return quietSince;
}
