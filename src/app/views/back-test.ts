import { type BackTest, backTest, type EpochEvidence } from '../../domain/simulation/back-test.ts';
import {
  type Comparison,
  compareWithPast,
  type PastIncident,
} from '../../domain/simulation/back-test-compare.ts';
import { type MeasuredTraffic, measureTraffic } from '../../domain/simulation/measured.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { minuteOf } from '../../lib/time.ts';
import type { Reader } from '../../store/store.ts';

/** Minutes of measured traffic: older traffic predicts little. */
const MINUTES_MEASURED = 7 * 24 * 60;

/** A younger step, in minutes, is measured together with the one before. */
const YOUNGEST_STEP = 60;

/** Limit of incidents read for one feature; far more than 30 days contain. */
const MOST_INCIDENTS = 1_000;

/** Stored evidence of a feature. */
export interface Past {
  epochs: EpochEvidence[];
  incidents: PastIncident[];
  /** Jobs and rates of its last epoch with treatment jobs; null without any. */
  traffic: MeasuredTraffic | null;
}

/** Reads the evidence of the last 30 days, each epoch by itself, the incidents, and the measured traffic. */
export async function readPast(read: Reader, feature: string): Promise<Past> {
  const spans = await read.health.evidenceEpochs(feature);
  const epochs: EpochEvidence[] = [];
  let durations = { timed: 0, meanSeconds: 0 };
  for (const { epoch, since } of spans) {
    const asked = { feature, epoch, epoch_started_at: since };
    const seen = (await read.health.windowsOf([asked])).get(feature)?.();
    durations = seen?.durations ?? durations;
    epochs.push({
      epoch,
      rows: await read.health.evidence(feature, epoch),
      startedAt: since.getTime() / 1_000,
      windows: seen?.windows ?? [],
    });
  }
  const incidents = await read.incidents.list({ feature, limit: MOST_INCIDENTS });
  const last = spans.filter(({ jobs }) => jobs > 0).at(-1);
  const { rows = [], windows = [] } = epochs.find(({ epoch }) => epoch === last?.epoch) ?? {};
  const kept = { windows, durations };
  if (!last) return { epochs, incidents, traffic: null };
  const [standing] = await read.features.standings(feature);
  const present = standing?.epoch === last.epoch;
  const until = minuteOf(present ? (await read.state()).now : last.until);
  const begin = Math.max(minuteOf(last.since), until - MINUTES_MEASURED);
  const step = present ? minuteOf(standing.step_started_at) : 0;
  // Traffic depends on the percentage, so the present step predicts more than the one before.
  const ofStep =
    step > begin && step <= until - YOUNGEST_STEP ? measureTraffic(rows, step, until, kept) : null;
  return { epochs, incidents, traffic: ofStep ?? measureTraffic(rows, begin, until, kept) };
}

/** Result of a spec's thresholds on the stored evidence, beside what really happened. */
export interface FeatureBackTest extends BackTest {
  comparisons: Comparison[];
}

export function backTestFeature(
  { epochs, incidents }: Pick<Past, 'epochs' | 'incidents'>,
  spec: Pick<Spec, 'analysis' | 'thresholds' | 'rollback'>,
): FeatureBackTest {
  const test = backTest(epochs, spec);
  return { ...test, comparisons: compareWithPast(test, incidents) };
}
