import { zeros } from '../score/factor.ts';
import { newLevelWatch, observeLevels } from '../score/level-watch.ts';
import { scoreOf } from '../score/levels.ts';
import type { StoredSlice } from '../score/stored-slice.ts';
import type { ScoreWindow } from '../score/window.ts';

/** Below this number of subjects, no single subject is blamed. */
export const LEAST_SUBJECTS = 5;
const MANY_SUBJECTS = 50;
const WORST_SHARE = 0.02;

/** Evidence, as odds to 1, that has to be left without the worst subjects. */
const EVIDENCE_LEFT = 100;

/** The subjects of a run that failed most, each in three spans or more. */
export interface WorstSubjects {
  /** All subjects with a treatment job in it. */
  subjects: number;
  /** The worst of them, `worstCount` at most. */
  worst: readonly { subject: string; jobs: number; failed: number }[];
  /** What the worst add up to, in the order of time. */
  windows: readonly Pick<ScoreWindow, 'startedAt' | 'spans' | 'gain'>[];
}

/** How many subjects are left out: one, and of fifty and more the worst 2%. */
export function worstCount(subjects: number): number {
  return subjects < MANY_SUBJECTS ? 1 : Math.ceil(subjects * WORST_SHARE);
}

/** The score after each slice without its worst subjects; null where too few had a job for the question. */
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
      // What was before the first slice is not in it.
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

/** Do the others prove nothing of the kind? */
export function restsOnFew(scoreWithout: number): boolean {
  return scoreWithout < Math.log(EVIDENCE_LEFT);
}
