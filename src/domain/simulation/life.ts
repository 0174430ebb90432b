import type { ScoreWindow } from '../score/window.ts';

/** Jobs that ended in five minutes of a simulated or stored life, by category; no window is empty. */
export interface LifeStep {
  /** Minutes since 1970, or since the life began. */
  minute: number;
  windows: readonly ScoreWindow[];
}

/** Minutes of a step. */
export const STEP_MINUTES = 5;
