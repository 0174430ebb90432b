import type { ScoreWindow } from '../score/window.ts';

/** What ended in five minutes of a life, by category; none of the windows is empty. */
export interface LifeStep {
  /** Minutes since 1970, or since the life began. */
  minute: number;
  windows: readonly ScoreWindow[];
}

/** Minutes of a step. */
export const STEP_MINUTES = 5;
