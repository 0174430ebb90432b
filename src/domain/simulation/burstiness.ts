/** Events of one arm in a step of five minutes, and the bad ones among them. */
export interface ArmStep {
  /** End of the step, in seconds since 1970. */
  at: number;
  events: number;
  bad: number;
}

/** Lengths of a block in steps: a burst may last five minutes, a quarter of an hour or an hour. */
const BLOCKS = [1, 3, 12] as const;
const STEP_SECONDS = 300;

/** With fewer blocks or bad events, the correlation cannot be measured. */
const LEAST_BLOCKS = 20;
const LEAST_BAD = 10;

/**
 * Standard deviations above the expectation of independent events; one measurement in a hundred of six parts exceeds
 * them by chance.
 */
const BEYOND_CHANCE = 3;

/** Precision to which a correlation is rounded: the decimals that a person writes. */
const THOUSANDTHS = 1_000;

/**
 * Measures the correlation of two events of a step from counts: how much more the bad ones of a block vary than
 * independent ones would (Pearson's statistic), divided by the number of other events of a step. Returns the largest
 * over blocks of five minutes, a quarter of an hour and an hour, separately for blocks with few and with many events: a
 * few large bursts at night would be hidden among the day's events, and a drifting share shows only by the hour. 0 if
 * the excess may be chance; rounded up to thousandths. Null if there are too few events.
 */
export function measuredCorrelation(steps: readonly ArmStep[]): number | null {
  const bad = steps.reduce((sum, step) => sum + step.bad, 0);
  const events = steps.reduce((sum, step) => sum + step.events, 0);
  if (bad < LEAST_BAD || bad === events) return null;
  const found = BLOCKS.flatMap((length) => {
    const blocks = blocksOf(steps, length).sort((a, b) => a.events - b.events);
    const half = Math.floor(blocks.length / 2);
    return [blocks.slice(0, half), blocks.slice(half)].map((part) => correlationOf(part, bad / events));
  }).filter((one) => one !== null);
  if (found.length === 0) return null;
  return Math.min(1, Math.ceil(Math.max(0, ...found) * THOUSANDTHS - 1e-9) / THOUSANDTHS);
}

interface Block {
  events: number;
  bad: number;
  steps: number;
}

function blocksOf(steps: readonly ArmStep[], length: number): Block[] {
  const blocks = new Map<number, Block>();
  for (const { at, events, bad } of steps) {
    if (events === 0) continue;
    const place = Math.ceil(at / STEP_SECONDS / length);
    const block = blocks.get(place) ?? { events: 0, bad: 0, steps: 0 };
    blocks.set(place, { events: block.events + events, bad: block.bad + bad, steps: block.steps + 1 });
  }
  return [...blocks.values()];
}

/** Returns the correlation of these blocks, given the share of all events; null if there are too few. */
function correlationOf(blocks: readonly Block[], share: number): number | null {
  if (blocks.length < LEAST_BLOCKS) return null;
  let [statistic, variance, beside] = [0, 0, 0];
  for (const { events, bad, steps } of blocks) {
    const expected = events * share * (1 - share);
    statistic += (bad - events * share) ** 2 / expected;
    variance += 2 + 1 / expected;
    beside += events / steps - 1;
  }
  const excess = statistic - (blocks.length - 1);
  if (excess <= BEYOND_CHANCE * Math.sqrt(variance)) return 0;
  // Blocks of single events have no pairs to correlate, but may still come in bursts.
  return beside <= 0 ? 1 : excess / beside;
}
