import type { ReportIncident } from '../../domain/report/report-incident.ts';
import { atMinute } from '../../lib/time.ts';

/** Returns the counts of a judgement; null for people's actions, and for contents of another form. */
export function evidenceOf(json: Record<string, unknown> | null): ReportIncident['evidence'] {
  const scores = recordOf(json?.scores);
  const window = recordOf(json?.window);
  if (!json || !scores || !window || typeof json.scope !== 'string') return null;
  return {
    scope: json.scope,
    jobs: numberOf(json.jobs),
    errors: numberOf(json.errors),
    since: typeof window.since === 'number' ? atMinute(window.since) : null,
    scores: {
      absolute: numberOf(scores.absolute),
      relative: numberOf(scores.relative),
      warning: numberOf(scores.warning),
      critical: numberOf(scores.critical),
    },
    window: {
      jobs: numberOf(window.jobs),
      errors: numberOf(window.errors),
      control_jobs: numberOf(window.controlJobs),
      control_errors: numberOf(window.controlErrors),
    },
  };
}

export function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

export function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
