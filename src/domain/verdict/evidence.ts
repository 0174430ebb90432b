import type { StoredSlice } from '../score/stored-slice.ts';
import { impossible, type ScoreWindow, together } from '../score/window.ts';
import { slicesOfWindows } from '../score/windows-to-slices.ts';
import { blocksOfWindows, type RelativeBlock } from './blocks.ts';
import type { WorstSubjects } from './few-subjects.ts';
import type { LoneSubject } from './lone-subject.ts';
import type { SilentHosts, WrongArms } from './reason.ts';
import { type Durations, isTooYoung, youthOf } from './young.ts';

/** The evidence of one scope of one epoch. */
export interface ScopeEvidence {
  /** In the order of time. */
  slices: readonly StoredSlice[];
  blocks: readonly RelativeBlock[];
}

/** By category; null is all of them together, and always there. */
export type Scopes = ReadonlyMap<string | null, ScopeEvidence>;

/** The scope of a judgement over every category. */
export const ALL_CATEGORIES = null;

/** Everything that the score of one epoch of a feature rests on. */
export interface FeatureEvidence {
  /** Seconds since 1970 from which on there is evidence: the beginning of the epoch, or what is still kept of it. */
  startedAt: number;
  scopes: Scopes;
  /** Finished treatment jobs of the epoch, judged or not. */
  finished: number;
  /** While the epoch is too young to be judged by what ends: everything that ended. Null where it is old enough. */
  young: { until: number; startsPerControl: number | null; timeless: boolean; scopes: Scopes } | null;
  /** The worst subjects since a run began, by category; only of scopes that were asked for. */
  worst: ReadonlyMap<string | null, WorstSubjects>;
  /** Subjects that each are to blame alone, the worst first. */
  lone: readonly LoneSubject[];
  /** Null where it cannot be told. */
  wrongArms: WrongArms | null;
  /** Jobs of silent processes; null where none is. */
  silentHosts: SilentHosts | null;
  /** What makes this evidence impossible, as a clause; null where it can be judged. */
  problem: string | null;
}

/** What is read of one epoch. Windows in the order of time and then of category; moments in seconds since 1970. */
export interface Windows {
  startedAt: number;
  now: number;
  windows: readonly ScoreWindow[];
  durations: Durations;
  /** Jobs of treatment that begin for one of control, as the percentage says; null where nothing says it. */
  startsPerControl: number | null;
  /** Has no job of this feature ever been reported with the time that it took? Left out: at least one has. */
  timeless?: boolean;
}

const NOTHING_KNOWN: ReadonlyMap<string | null, WorstSubjects> = new Map();

/** The evidence that these windows make. */
export function evidenceOf({
  startedAt,
  now,
  windows,
  durations,
  startsPerControl,
  timeless = false,
}: Windows): FeatureEvidence {
  const treatment = { begun: 0, finished: 0 };
  for (const { begun, finished } of windows) {
    treatment.begun += begun;
    treatment.finished += finished;
  }
  const youth = youthOf(startedAt, durations, treatment, timeless);
  const judged = youth?.known
    ? windows.filter((one) => !isTooYoung(one.startedAt, youth.until, startedAt))
    : windows;
  const young =
    youth && now < youth.until
      ? { until: youth.until, startsPerControl, timeless, scopes: scopesOf(windows, startedAt) }
      : null;
  const { finished } = treatment;
  const scopes = scopesOf(judged, startedAt);
  const problem = impossible(windows);
  return {
    startedAt,
    scopes,
    finished,
    young,
    worst: NOTHING_KNOWN,
    lone: [],
    wrongArms: null,
    silentHosts: null,
    problem,
  };
}

function scopesOf(windows: readonly ScoreWindow[], startedAt: number): Scopes {
  const scopes = new Map<string | null, ScopeEvidence>([
    [ALL_CATEGORIES, scopeOf(together(windows), windows, startedAt)],
  ]);
  for (const [category, own] of byCategory(windows)) scopes.set(category, scopeOf(own, own, startedAt));
  return scopes;
}

function scopeOf(
  summed: readonly ScoreWindow[],
  compared: readonly ScoreWindow[],
  startedAt: number,
): ScopeEvidence {
  return { slices: slicesOfWindows(summed, startedAt), blocks: blocksOfWindows(compared, startedAt) };
}

function byCategory(windows: readonly ScoreWindow[]): Map<string, ScoreWindow[]> {
  const found = new Map<string, ScoreWindow[]>();
  for (const window of windows) {
    const own = found.get(window.category);
    if (own) own.push(window);
    else found.set(window.category, [window]);
  }
  return found;
}

/** No evidence at all. */
export function noEvidence(startedAt = 0): FeatureEvidence {
  const durations = { timed: 0, meanSeconds: 0 };
  return evidenceOf({ startedAt, now: startedAt, windows: [], durations, startsPerControl: null });
}
