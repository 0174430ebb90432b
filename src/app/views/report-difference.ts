import type { ExposurePoint } from '../../domain/report/report.ts';
import type { ReportIncident } from '../../domain/report/report-incident.ts';
import { type RolledBack, rolledBackBy } from '../../domain/report/rolled-back.ts';
import type { FeatureStanding } from '../../store/configuration/feature-rows.ts';
import type { StretchOfSpans } from '../../store/outcomes/span-sums.ts';

/**
 * Returns the time range of the shown difference: the present step, or, until somebody resumes it, the step that was
 * rolled back, which is the last one of the epoch before. Null: nobody is exposed, and no rollback ended an exposure.
 */
export function stretchOf(
  { feature, epoch, active, emergency_stop, step_started_at }: FeatureStanding,
  exposure: readonly ExposurePoint[],
  incidents: readonly ReportIncident[],
  now: Date,
): StretchOfSpans | null {
  const rolledBack = leftNobody({ active, emergency_stop }, incidents[0]);
  if (rolledBack) {
    const until = rolledBack.opened_at;
    const since = exposure.findLast(({ at, live }) => live && at < until)?.at;
    return since === undefined ? null : { feature, epoch: epoch - 1, since, until };
  }
  if (!active || emergency_stop) return null;
  return { feature, epoch, since: step_started_at, until: now };
}

/** The rollback that left nobody in and that nobody has resumed; null: there is none. */
export function leftNobody(
  { active, emergency_stop }: Pick<FeatureStanding, 'active' | 'emergency_stop'>,
  latest: ReportIncident | undefined,
): RolledBack | null {
  return !active || emergency_stop ? rolledBackBy(latest) : null;
}
