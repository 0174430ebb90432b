import { type Rate, rateOf } from '../evidence/rates.ts';
import type { IncidentKind, IncidentState } from '../spec/incident.ts';
import type { ReportIncident } from './report-incident.ts';

/** A rollback that nobody has resumed yet: what the feature's numbers were when it was switched off. */
export interface RolledBack {
  incident: string;
  opened_at: Date;
  reason: string;
  /** Finished jobs of the epoch that failed; null where a person rolled back, who judges by other things. */
  evidence: {
    scope: string;
    jobs: number;
    errors: number;
    control_jobs: number;
    control_errors: number;
  } | null;
}

/** An incident as the pull request is told of it that brought the feature where it was. */
export interface IncidentSince extends RolledBack {
  feature: string;
  kind: IncidentKind;
  state: IncidentState;
  resumed_by: string | null;
  superseded_by: string | null;
}

/** By a feature's latest incident; null where that is none, of another kind, or resumed. */
export function rolledBackBy(
  latest: Pick<ReportIncident, 'id' | 'kind' | 'state' | 'opened_at' | 'reason' | 'evidence'> | undefined,
): RolledBack | null {
  if (latest?.kind !== 'rollback' || (latest.state !== 'open' && latest.state !== 'settled')) return null;
  const { id, opened_at, reason, evidence } = latest;
  return {
    incident: id,
    opened_at,
    reason,
    evidence: evidence && { scope: evidence.scope, ...evidence.window },
  };
}

/** The rates by which it was rolled back; null where nobody counted. */
export function failingRates({ evidence }: RolledBack): { treatment: Rate; control: Rate } | null {
  if (evidence === null) return null;
  const { jobs, errors, control_jobs, control_errors } = evidence;
  return { treatment: counted(jobs, errors), control: counted(control_jobs, control_errors) };
}

function counted(jobs: number, errors: number): Rate {
  return rateOf([{ jobs, errors, timed_jobs: 0, processing_ms: 0 }]);
}
