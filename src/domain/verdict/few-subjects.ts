import { zeros } from '../score/factor.ts';
import { newLevelWatch, observeLevels } from '../score/level-watch.ts';
import { scoreOf } from '../score/levels.ts';
import type { StoredSlice } from '../score/stored-slice.ts';
import type { ScoreWindow } from '../score/window.ts';

/** With fewer subjects, no single subject is blamed. */
export const LEAST_SUBJECTS = 5;
const MANY_SUBJECTS = 50;
const WORST_SHARE = 0.02;

/** Evidence, as odds to 1, that must remain without the worst subjects. */
const EVIDENCE_LEFT = 100;

/** The subjects of a run with most failures, each with three failed spans or more. */
export interface WorstSubjects {
  /** Number of subjects with a treatment job in the run. */
  subjects: number;
  /** The worst subjects, `worstCount` at most. */
  worst: readonly { subject: string; jobs: number; failed: number }[];
  /** Sums of the worst subjects, in the order of time. */
  windows: readonly Pick<ScoreWindow, 'startedAt' | 'spans' | 'gain'>[];
}

/** Returns how many subjects are left out: one, and from fifty on the worst 2%. */
export function worstCount(subjects: number): number {
  return subjects < MANY_SUBJECTS ? 1 : Math.ceil(subjects * WORST_SHARE);
}

/** Returns the score after each slice without its worst subjects; null if too few subjects had a job. */
export function scoresWithout(
  slices: readonly StoredSlice[],
  rate: number,
  { subjects, windows }: WorstSubjects,
): number[] | null {
  if (subjects < LEAST_SUBJECTS) return null;
  const watch = newLevelWatch(rate);
  let place = 0;
  return slices.map((slice, ordinal) => {
    const until = slices[ordinal + 1]?.startedAt ?? Infinity;
    const gain = zeros();
    let spans = 0;
    for (; (windows[place]?.startedAt ?? Infinity) < until; place++) {
      const window = windows[place] as WorstSubjects['windows'][number];
      // Windows before the first slice are not part of it.
      if (window.startedAt < slice.startedAt) continue;
      spans += window.spans;
      window.gain.forEach((value, i) => {
        gain[i] = (gain[i] ?? 0) + value;
      });
    }
    const rest = slice.gain.map((value, i) => value - (gain[i] ?? 0)) as StoredSlice['gain'];
    observeLevels(watch, { ...slice, spans: slice.spans - spans, gain: rest }, ordinal);
    return scoreOf(watch.levels);
  });
}

/** Do the other subjects prove nothing on their own? */
export function restsOnFew(scoreWithout: number): boolean {
  return scoreWithout < Math.log(EVIDENCE_LEFT);
}
