import type { ActualFeature } from '../../domain/plan/actual.ts';
import type { Change } from '../../domain/plan/change.ts';
import {
  audienceChange,
  type CategoryImpact,
  type Impact,
  type Movement,
  outside,
  type PlannedChange,
  type TestsChange,
  testsThatDecide,
} from '../../domain/plan/impact.ts';
import { CATEGORIES } from '../../domain/spec/vocabulary.ts';
import type { Reader } from '../../store/store.ts';

/** Above this many changes, subjects are not counted: a first reconcile of thousands would scan for hours. */
export const MOST_COUNTED = 200;

const LARGEST_SHOWN = 5;

/** Counts, for each change that moves exposure, the subjects that enter and leave by the whole file. */
export async function countSubjects(
  read: Reader,
  changes: readonly Change[],
  tests: TestsChange | null,
): Promise<PlannedChange[]> {
  const counted = changes.length > MOST_COUNTED ? [] : changes.filter(({ action }) => action !== 'refused');
  const quarantined = await read.incidents.quarantinedIds();
  const audiences = counted.map((change) =>
    audienceChange(change, tests, quarantined.get(change.feature) ?? []),
  );
  const impacts = await read.features.impacts(audiences);
  const largest = await read.features.largestMoved(
    audiences.filter((_, nth) => moves(impacts[nth])),
    LARGEST_SHOWN,
  );
  const planned = new Map<Change, PlannedChange>();
  for (const [nth, change] of counted.entries()) {
    const impact = impacts[nth];
    if (!impact) continue;
    const categories = [...impact.categories].sort(bySize);
    const shown = moves(impact) ? (largest.shift() ?? []) : [];
    planned.set(change, { ...change, impact: { ...impact, categories }, largest: shown });
  }
  return changes.map((change) => planned.get(change) ?? uncounted(change));
}

export function moves(impact: Impact | undefined): boolean {
  return impact !== undefined && impact.entering + impact.leaving > 0;
}

/** Returns features whose audience is in no counted change. */
export function withoutCount(
  actual: ReadonlyMap<string, ActualFeature>,
  changes: readonly PlannedChange[],
): ActualFeature[] {
  const counted = new Set(changes.filter(({ impact }) => impact).map(({ feature }) => feature));
  return [...actual.values()].filter(({ feature }) => !counted.has(feature));
}

export async function movementsByTests(
  read: Reader,
  features: readonly ActualFeature[],
  tests: TestsChange | null,
): Promise<Movement[]> {
  const quarantined = await read.incidents.quarantinedIds();
  const movements: Movement[] = [];
  for (const { feature, columns, settings } of features) {
    const audience = outside(
      { subject: settings.subject, exposure: columns },
      quarantined.get(feature) ?? [],
    );
    const change = { before: audience, after: audience, tests };
    if (!testsThatDecide(change)) continue;
    const { entering, leaving } = await read.features.impact(change);
    if (entering + leaving > 0) movements.push({ feature, entering, leaving });
  }
  return movements;
}

/** Smallest first, subjects without a category last: the same order in every run. */
function bySize(a: CategoryImpact, b: CategoryImpact): number {
  const place = ({ category }: CategoryImpact) =>
    (CATEGORIES as readonly (string | null)[]).indexOf(category);
  return (place(a) + 1 || CATEGORIES.length + 1) - (place(b) + 1 || CATEGORIES.length + 1);
}

export function uncounted(change: Change): PlannedChange {
  return { ...change, impact: null, largest: [] };
}
