import type { RelativeBlock } from '../comparison/blocks.ts';
import type { StoredSlice } from '../score/stored-slice.ts';
import { impossible, type ScoreWindow, together } from '../score/window.ts';
import { type Checkpoint, mergedAfter, type ScopeCheckpoint, type ScopeWindows } from './checkpoint.ts';
import type { WorstSubjects } from './few-subjects.ts';
import type { LoneSubject } from './lone-subject.ts';
import type { SilentHosts, WrongArms } from './reason.ts';
import { type Durations, isTooYoung, judgedFrom, type Youth, youthOf } from './young.ts';

/** The evidence of one scope of one epoch. */
export interface ScopeEvidence {
  /** The sum of everything before the slices; null if they are all. */
  checkpoint: ScopeCheckpoint | null;
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
  /** The sum with which `scopes` begin; null if they contain all windows. */
  checkpoint: Checkpoint | null;
  /** True: that sum was made by other rules of youth than hold now, so all windows are needed. */
  isCheckpointOutdated: boolean;
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
  /** The sum of all windows before `windows`. Left out, they are all. */
  checkpoint?: Checkpoint | null;
}

const NOTHING_KNOWN: ReadonlyMap<string | null, WorstSubjects> = new Map();

/** Builds the evidence from these windows. */
export function evidenceOf(seen: Windows): FeatureEvidence {
  const { startedAt, now, windows, startsPerControl, timeless = false, checkpoint = null } = seen;
  const treatment = treatmentOf(seen);
  const youth = youthOf(startedAt, seen.durations, treatment, timeless);
  const isYoung = youth !== null && now < youth.until;
  const young = isYoung
    ? { until: youth.until, startsPerControl, timeless, scopes: scopesOf(windows, startedAt, null) }
    : null;
  return {
    startedAt,
    scopes: scopesOf(judgedOf(windows, youth, startedAt), startedAt, checkpoint),
    finished: treatment.finished,
    young,
    worst: NOTHING_KNOWN,
    lone: [],
    wrongArms: null,
    silentHosts: null,
    problem: impossible(windows),
    checkpoint,
    isCheckpointOutdated:
      checkpoint !== null && (isYoung || checkpoint.judgedFrom !== judgedFrom(youth, startedAt)),
  };
}

/** Counts the treatment jobs of these windows, and of the checkpoint before them. */
export function treatmentOf({
  windows,
  checkpoint,
}: Pick<Windows, 'windows' | 'checkpoint'>): Checkpoint['treatment'] {
  const treatment = { begun: 0, finished: 0, ...checkpoint?.treatment };
  for (const { begun, finished } of windows) {
    treatment.begun += begun;
    treatment.finished += finished;
  }
  return treatment;
}

/** Returns the windows that are old enough to be judged. */
export function judgedOf(windows: readonly ScoreWindow[], youth: Youth | null, startedAt: number) {
  return youth?.known ? windows.filter((one) => !isTooYoung(one.startedAt, youth.until, startedAt)) : windows;
}

/** Returns the part of a checkpoint that belongs to one scope. */
export function checkpointOf(checkpoint: Checkpoint | null, scope: string | null): ScopeCheckpoint | null {
  return checkpoint?.scopes.find(([one]) => one === scope)?.[1] ?? null;
}

function scopesOf(windows: readonly ScoreWindow[], startedAt: number, checkpoint: Checkpoint | null): Scopes {
  return new Map(
    [...windowsByScope(windows, checkpoint)].map(([scope, own]) => {
      const before = checkpointOf(checkpoint, scope);
      const { slices, blocks } = mergedAfter(before, own, startedAt);
      return [scope, { checkpoint: before, slices, blocks }];
    }),
  );
}

/** Returns the windows of all together and of each category, also of those that only the checkpoint has. */
export function windowsByScope(
  windows: readonly ScoreWindow[],
  checkpoint: Checkpoint | null,
): Map<string | null, ScopeWindows> {
  const scopes = new Map<string | null, ScopeWindows>([
    [ALL_CATEGORIES, { summed: together(windows), compared: windows }],
  ]);
  for (const [category, own] of byCategory(windows)) scopes.set(category, { summed: own, compared: own });
  for (const [scope] of checkpoint?.scopes ?? []) {
    if (!scopes.has(scope)) scopes.set(scope, { summed: [], compared: [] });
  }
  return scopes;
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
