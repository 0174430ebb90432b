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
  /** Slices in the order of time. */
  slices: readonly StoredSlice[];
  blocks: readonly RelativeBlock[];
}

/** Evidence by category; null stands for all together and is always present. */
export type Scopes = ReadonlyMap<string | null, ScopeEvidence>;

/** The scope of a judgement over every category. */
export const ALL_CATEGORIES = null;

/** All evidence for the score of one epoch of a feature. */
export interface FeatureEvidence {
  /** Start of the evidence in seconds since 1970: the beginning of the epoch, or of the part that is still kept. */
  startedAt: number;
  scopes: Scopes;
  /** Finished treatment jobs of the epoch, judged or not. */
  finished: number;
  /** While the epoch is too young to be judged by finished jobs: everything that ended. Null if it is old enough. */
  young: { until: number; startsPerControl: number | null; timeless: boolean; scopes: Scopes } | null;
  /** The worst subjects since a run began, by category; only for the requested scopes. */
  worst: ReadonlyMap<string | null, WorstSubjects>;
  /** Subjects that are each to blame alone, the worst first. */
  lone: readonly LoneSubject[];
  /** Subjects whose jobs ran in the wrong arm; null if not known. */
  wrongArms: WrongArms | null;
  /** Jobs of silent processes; null if there are none. */
  silentHosts: SilentHosts | null;
  /** Why this evidence is impossible, as a clause; null if it can be judged. */
  problem: string | null;
}

/** Stored evidence of one epoch. Windows in the order of time and then of category; moments in seconds since 1970. */
export interface Windows {
  startedAt: number;
  now: number;
  windows: readonly ScoreWindow[];
  durations: Durations;
  /** Treatment jobs that begin for each control job, by the percentage; null if not known. */
  startsPerControl: number | null;
  /** True: no job of this feature ever reported its duration. Left out: at least one did. */
  timeless?: boolean;
}

const NOTHING_KNOWN: ReadonlyMap<string | null, WorstSubjects> = new Map();

/** Builds the evidence from these windows. */
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

/** Returns empty evidence. */
export function noEvidence(startedAt = 0): FeatureEvidence {
  const durations = { timed: 0, meanSeconds: 0 };
  return evidenceOf({ startedAt, now: startedAt, windows: [], durations, startsPerControl: null });
}
