import { badSpansOfStep, gainOfStep, spansOfStep } from '../guardrails/correlation.ts';
import type { StepCount } from '../guardrails/engine-counts.ts';
import { STEP_SECONDS } from '../guardrails/metric-read.ts';
import { emptyWindow, type ScoreWindow } from '../score/window.ts';
import type { GuardrailLife } from './guardrail-test.ts';

/**
 * Prepares an engine's events for a back-test twice: treatment against control, and control alone as if it were
 * treatment. An engine's events have no category.
 */
export function engineLives(
  counts: readonly StepCount[],
  startedAt: number,
  correlation: number | null,
): GuardrailLife[] {
  const swapped = counts
    .filter(({ arm }) => arm === 'control')
    .map((one): StepCount => ({ ...one, arm: 'treatment' }));
  return [
    { epoch: null, arm: 'treatment', startedAt, windows: windowsOfSteps(counts, correlation) },
    { epoch: null, arm: 'control', startedAt, windows: windowsOfSteps(swapped, correlation) },
  ];
}

/** Returns the windows of these steps. `correlation` applies to events without a subject. */
export function windowsOfSteps(counts: readonly StepCount[], correlation: number | null): ScoreWindow[] {
  const windows = new Map<number, ScoreWindow>();
  for (const count of counts) {
    const at = count.at - STEP_SECONDS;
    const window = windows.get(at) ?? emptyWindow(at, '');
    windows.set(at, window);
    addStep(window, count, count.subject === '' ? correlation : null);
  }
  return [...windows.values()].sort((a, b) => a.startedAt - b.startedAt);
}

function addStep(window: ScoreWindow, { arm, events, bad }: StepCount, correlation: number | null): void {
  const fraction = bad / events;
  const spans = spansOfStep(events, correlation);
  const badSpans = badSpansOfStep(spans, fraction);
  const compared = window[arm];
  compared.expected += spans;
  compared.fraction += spans * fraction;
  compared.jobs += events;
  compared.failed += bad;
  compared.failedSpans += badSpans;
  if (arm === 'control') {
    window.controlJobs += events;
    window.controlFailed += bad;
    return;
  }
  window.spans += spans;
  gainOfStep(spans, fraction).forEach((gain, i) => {
    window.gain[i] = (window.gain[i] ?? 0) + gain;
  });
  window.jobs += events;
  window.finished += events;
  window.failed += bad;
  window.failedSpans += badSpans;
}
