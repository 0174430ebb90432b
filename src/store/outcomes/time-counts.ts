import type { OutcomeSum } from '../../domain/evidence/outcomes.ts';
import { timePlace } from '../../domain/evidence/time-counters.ts';

/** How many jobs of all subjects took so long, that have all else in common. */
export interface TimeCount
  extends Pick<OutcomeSum, 'feature' | 'processor' | 'arm' | 'epoch' | 'category' | 'window'> {
  place: number;
  count: number;
}

/** Counts of the sums that have all but the subject in common, by place. */
interface TimeGroup {
  like: OutcomeSum;
  counts: Map<number, TimeCount>;
}

/**
 * Adds the times up over subjects: a hundred rows, however many sums there are. Sums are looked for by feature and window,
 * which leaves a few groups to compare with: a key of six parts for each sum would cost more than the rest of the flush.
 */
export function timesOf(sums: readonly OutcomeSum[]): TimeCount[] {
  const all: TimeCount[] = [];
  const features = new Map<string, Map<number, TimeGroup[]>>();
  for (const sum of sums) {
    if (sum.timed_jobs !== 1 && !sum.times) continue;
    const { counts } = groupOf(features, sum);
    const counters = sum.times ?? [timePlace(sum.processing_ms), 1];
    for (let at = 0; at < counters.length; at += 2) {
      const place = counters[at] ?? 0;
      const count = counters[at + 1] ?? 0;
      const known = counts.get(place);
      if (known) {
        known.count += count;
        continue;
      }
      const { feature, processor, arm, epoch, category, window } = sum;
      const made = { feature, processor, arm, epoch, category, window, place, count };
      counts.set(place, made);
      all.push(made);
    }
  }
  return all;
}

function groupOf(features: Map<string, Map<number, TimeGroup[]>>, sum: OutcomeSum): TimeGroup {
  const windows = features.get(sum.feature) ?? new Map<number, TimeGroup[]>();
  const groups = windows.get(sum.window) ?? [];
  for (const group of groups) if (isLike(group.like, sum)) return group;
  const group = { like: sum, counts: new Map<number, TimeCount>() };
  groups.push(group);
  windows.set(sum.window, groups);
  features.set(sum.feature, windows);
  return group;
}

function isLike(one: OutcomeSum, other: OutcomeSum): boolean {
  return (
    one.arm === other.arm &&
    one.processor === other.processor &&
    one.category === other.category &&
    one.epoch === other.epoch
  );
}
