/**
 * The score of the first stage, for comparison only: Page's CUSUM for five odds multipliers over quarters of an hour,
 * every job for itself, 2,000 to 1 acts.
 */
const MULTIPLIERS = [1.25, 1.6, 2.5, 5, 20];

export interface FirstStage {
  levels: number[];
  starts: { jobs: number; failed: number }[];
  totals: { jobs: number; failed: number };
}

export function newFirstStage(): FirstStage {
  return {
    levels: MULTIPLIERS.map(() => 0),
    starts: MULTIPLIERS.map(() => ({ jobs: 0, failed: 0 })),
    totals: { jobs: 0, failed: 0 },
  };
}

/** Takes in a quarter of an hour; true where it acts. */
export function firstStageActs(state: FirstStage, jobs: number, failed: number, limit = 0.05): boolean {
  MULTIPLIERS.forEach((k, i) => {
    if ((state.levels[i] ?? 0) <= 0) {
      state.levels[i] = 0;
      state.starts[i] = { ...state.totals };
    }
    state.levels[i] = (state.levels[i] ?? 0) + failed * Math.log(k) - jobs * Math.log1p((k - 1) * limit);
  });
  state.totals = { jobs: state.totals.jobs + jobs, failed: state.totals.failed + failed };
  const top = Math.max(...state.levels);
  const mean = state.levels.reduce((sum, level) => sum + Math.exp(level - top), 0) / MULTIPLIERS.length;
  const start = state.starts[state.levels.indexOf(top)] ?? { jobs: 0, failed: 0 };
  const enough = state.totals.jobs - start.jobs >= 10 && state.totals.failed - start.failed >= 3;
  return enough && top + Math.log(mean) >= Math.log(2_000);
}
