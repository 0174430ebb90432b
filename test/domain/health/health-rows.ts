import type { EvidenceRow } from '../../../src/domain/evidence/evidence.ts';
import { judge } from '../../../src/domain/health/health.ts';
import type { Judgement } from '../../../src/domain/health/judgement.ts';
import { ODDS_MULTIPLIERS } from '../../../src/domain/score/factor.ts';
import type { HealthParams } from '../../../src/domain/score/rule.ts';
import { emptyWindow, inOrder, type ScoreWindow } from '../../../src/domain/score/window.ts';
import { evidenceOf, type FeatureEvidence } from '../../../src/domain/verdict/evidence.ts';

/** Minutes since 1970 of 2026-11-22 10:00 UTC. */
export const TEN = Date.UTC(2026, 10, 22, 10) / 60_000;

/** Minutes after ten, jobs, errors, control jobs, control errors, category. */
export type Row = [number, number, number, number?, number?, string?];

/** What finished, as the plain rule reads it. */
export function rows(...list: Row[]): EvidenceRow[] {
  return list.map(([after, jobs, errors, controlJobs = 0, controlErrors = 0, category = 'small']) => ({
    minute: TEN + after,
    category,
    jobs,
    errors,
    controlJobs,
    controlErrors,
  }));
}

/** The clean quarter hours of `hours` hours before ten: 10 jobs each, none failed. */
export function quiet(hours: number): Row[] {
  return Array.from({ length: hours * 4 }, (_, i): Row => [i * 15 - hours * 60, 10, 0]);
}

/** The same jobs as the score reads them, each of a subject of its own. */
export function windows(...list: Row[]): ScoreWindow[] {
  const found = new Map<string, ScoreWindow>();
  for (const [after, jobs, errors, controlJobs = 0, controlErrors = 0, category = 'small'] of list) {
    const startedAt = Math.floor((TEN + after) / 5) * 300;
    const window = found.get(`${startedAt} ${category}`) ?? emptyWindow(startedAt, category);
    found.set(`${startedAt} ${category}`, window);
    addJobs(window, jobs, errors);
    addControl(window, controlJobs, controlErrors);
  }
  return [...found.values()].sort(inOrder);
}

/** Treatment jobs of a subject each. */
export function addJobs(window: ScoreWindow, jobs: number, errors: number): void {
  window.spans += jobs;
  window.jobs += jobs;
  window.finished += jobs;
  window.failed += errors;
  window.failedSpans += errors;
  ODDS_MULTIPLIERS.forEach((k, i) => {
    window.gain[i] = (window.gain[i] ?? 0) + errors * Math.log(k);
  });
  addCompared(window.treatment, jobs, errors);
}

export function addControl(window: ScoreWindow, jobs: number, errors: number): void {
  window.controlJobs += jobs;
  window.controlFailed += errors;
  addCompared(window.control, jobs, errors);
}

function addCompared(arm: ScoreWindow['control'], jobs: number, errors: number): void {
  arm.expected += jobs;
  arm.fraction += errors;
  arm.jobs += jobs;
  arm.failed += errors;
  arm.failedSpans += errors;
}

/** Jobs whose times are known and short: no epoch is too young. */
export const SHORT_JOBS = { timed: 1_000, meanSeconds: 0 };

/** The evidence of an epoch that began with its first window. */
export function evidence(all: readonly ScoreWindow[], now = endOf(all)): FeatureEvidence {
  const startedAt = all[0]?.startedAt ?? TEN * 60;
  return evidenceOf({ startedAt, now, windows: all, durations: SHORT_JOBS, startsPerControl: null });
}

/** The end of the last window, in seconds since 1970. */
export function endOf(all: readonly ScoreWindow[]): number {
  return (all.at(-1)?.startedAt ?? TEN * 60) + 300;
}

/** What is judged of these jobs, each of a subject of its own, at the end of the last window. */
export function judged(list: readonly Row[], params: HealthParams = {}): Judgement {
  const all = windows(...list);
  return judge(evidence(all), endOf(all), params).judgement;
}
