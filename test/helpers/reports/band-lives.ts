import { type CategorySpans, differenceBand } from '../../../src/domain/report/difference-band.ts';
import { seededRandom } from '../../../src/lib/random.ts';

export interface Lives {
  lives: number;
  /** Lives in which the band left out the truth at any time. */
  missed: number;
  /** The same of the 95% band that holds for a single look, by the normal approximation. */
  missedByOneLook: number;
  /** Mean width at the end, in percentage points. */
  width: number;
}

interface Truth {
  treatment: number;
  control: number;
  /** Spans in a slot. */
  traffic: number;
}

/** Lives of features with one to four categories and any shares, looked at after every slot of time. */
export function bandLives({ lives, slots, seed }: { lives: number; slots: number; seed: number }): Lives {
  const result: Lives = { lives, missed: 0, missedByOneLook: 0, width: 0 };
  for (let life = 0; life < lives; life++) {
    const random = seededRandom(seed + life);
    const truths = Array.from({ length: 1 + (life % 4) }, () => truthOf(random));
    const sums: CategorySpans[] = truths.map(() => ({
      ...{ jobs: 0, treatment: { spans: 0, failed: 0 }, control: { spans: 0, failed: 0 } },
    }));
    let [missed, byOne, width] = [false, false, 0];
    for (let slot = 0; slot < slots; slot++) {
      for (const [i, sum] of sums.entries()) live(sum, truths[i] as Truth, random);
      const band = differenceBand(sums, truths.length);
      if (band === null) continue;
      const truth = differenceOf(sums, truths);
      missed ||= truth < band.low - 1e-9 || truth > band.high + 1e-9;
      byOne ||= Math.abs(truth - band.difference) > 1.96 * deviationOf(sums);
      width = band.high - band.low;
    }
    result.missed += Number(missed);
    result.missedByOneLook += Number(byOne);
    result.width += width / lives;
  }
  return result;
}

function truthOf(random: () => number): Truth {
  const control = random() < 0.3 ? random() * 0.5 : random() * 0.05;
  const treatment = Math.min(1, Math.max(0, control + (random() - 0.5) * 0.05));
  return { control, treatment, traffic: 1 + 9 * random() };
}

/** Some spans fail as a whole and some in part, with the same mean. */
function live(sum: CategorySpans, truth: Truth, random: () => number): void {
  for (const arm of ['treatment', 'control'] as const) {
    for (let i = Math.floor(random() * truth.traffic); i > 0; i--) {
      const mean = truth[arm];
      const halves = Number(random() < mean) + Number(random() < mean);
      sum[arm].spans += 1;
      sum[arm].failed += random() < 0.5 ? Number(random() < mean) : halves / 2;
      if (arm === 'treatment') sum.jobs += 1 + Math.floor(random() * 4);
    }
  }
}

function compared(sums: readonly CategorySpans[]) {
  const both = sums.map(({ treatment, control }) => treatment.spans > 0 && control.spans > 0);
  const jobs = sums.reduce((total, sum, i) => total + (both[i] ? sum.jobs : 0), 0);
  return sums.map((sum, i) => (both[i] ? (100 * sum.jobs) / jobs : 0));
}

function differenceOf(sums: readonly CategorySpans[], truths: readonly Truth[]): number {
  return compared(sums).reduce(
    (total, weight, i) => total + weight * ((truths[i]?.treatment ?? 0) - (truths[i]?.control ?? 0)),
    0,
  );
}

function deviationOf(sums: readonly CategorySpans[]): number {
  const of = ({ spans, failed }: CategorySpans['control']) =>
    spans === 0 ? 0 : ((failed / spans) * (1 - failed / spans)) / spans;
  let variance = 0;
  for (const [i, weight] of compared(sums).entries()) {
    const { treatment, control } = sums[i] as CategorySpans;
    variance += weight * weight * (of(treatment) + of(control));
  }
  return Math.sqrt(variance);
}
