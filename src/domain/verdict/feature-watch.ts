import {
  beginsBlock,
  compare,
  isBlockOver,
  newBlock,
  newBlockMerge,
  type RelativeBlock,
} from '../comparison/blocks.ts';
import { strataOf } from '../comparison/sharing.ts';
import type { Rule } from '../score/rule.ts';
import { type ScoreWindow, together } from '../score/window.ts';
import { mergeWindow, newMerge, sliceOver } from '../score/windows-to-slices.ts';
import { ruleOver } from './budget.ts';
import type { Surroundings } from './excuse.ts';
import { provenBy } from './judge.ts';
import { newScopeWatch, observeSlice, type ScopeWatch } from './scope-watch.ts';

/**
 * Scores of a feature, updated as windows arrive: the same result as `judgeEvidence` at the end of each slice, computed
 * incrementally. Failing subjects (`few_subjects`) are not considered. Mutable.
 */
export interface FeatureWatch {
  readonly all: Scope;
  /** Scores by category; empty if there is only one category, because it equals all of them. */
  readonly parts: ReadonlyMap<string, Scope>;
}

interface Scope {
  readonly watch: ScopeWatch;
  readonly merge: ReturnType<typeof newMerge>;
  readonly blocks: ReturnType<typeof newBlockMerge>;
  block: RelativeBlock | null;
  /** Complete blocks that are not yet compared. */
  waiting: RelativeBlock[];
}

/** `categories`: those with treatment jobs, now or later. */
export function newFeatureWatch(rule: Rule, categories: readonly string[], startedAt: number): FeatureWatch {
  const scope = (category: string | null): Scope => ({
    watch: newScopeWatch(
      ruleOver(rule, categories.length, category === null ? 'all' : 'category'),
      category,
      startedAt,
    ),
    merge: newMerge(startedAt),
    blocks: newBlockMerge(startedAt),
    ...{ block: null, waiting: [] },
  });
  const parts = new Map(categories.length < 2 ? [] : categories.map((one) => [one, scope(one)]));
  return { all: scope(null), parts };
}

/** Adds the windows that began at one moment, sorted by category; `until` is their end. */
export function observeWindows(feature: FeatureWatch, windows: readonly ScoreWindow[], until: number): void {
  const { all, parts } = feature;
  for (const [category, part] of parts) {
    const own = windows.filter((window) => window.category === category);
    observeScope(part, own, own, until, alone(part, category));
  }
  const strata: Surroundings['strata'] = (from, to) =>
    parts.size === 0
      ? strataOf('', all.watch.ledger, from, to)
      : [...parts].flatMap(([category, { watch }]) => strataOf(category, watch.ledger, from, to));
  const around: Surroundings = {
    strata,
    provenWithout: (categories, to, rule) => {
      const others = [...parts].filter(([category]) => !categories.includes(category));
      const slices = others.flatMap(([, { watch }]) => watch.slices);
      return provenBy(slices, all.watch.startedAt, to, rule);
    },
    without: () => null,
  };
  observeScope(all, windows.length > 1 ? together(windows) : windows, windows, until, around);
}

function alone({ watch }: Scope, category: string): Surroundings {
  return {
    strata: (from, until) => strataOf(category, watch.ledger, from, until),
    provenWithout: () => false,
    without: () => null,
  };
}

function observeScope(
  scope: Scope,
  summed: readonly ScoreWindow[],
  compared: readonly ScoreWindow[],
  until: number,
  around: Surroundings,
): void {
  const [window] = summed;
  if (window) {
    if (beginsBlock(scope.blocks, window.startedAt, compared) || scope.block === null) {
      if (scope.block) scope.waiting.push(scope.block);
      scope.block = newBlock(window.startedAt);
    }
    for (const one of compared) compare(scope.block, one);
  }
  const done = window ? mergeWindow(scope.merge, window) : null;
  const over = sliceOver(scope.merge, until);
  if (scope.block && isBlockOver(scope.blocks, until)) {
    scope.waiting.push(scope.block);
    scope.block = null;
  }
  for (const slice of [done, over]) {
    if (slice === null) continue;
    // A slice that ended before this window is compared with the blocks that began before it.
    const end = slice === done ? (window?.startedAt ?? until) : until;
    const blocks = scope.waiting.filter(({ startedAt }) => startedAt < end);
    observeSlice(scope.watch, slice, blocks, end, around);
    scope.waiting = scope.waiting.filter(({ startedAt }) => startedAt >= end);
  }
}
