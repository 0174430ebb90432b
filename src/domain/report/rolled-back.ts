import { type Rate, rateOf } from '../evidence/rates.ts';
import type { IncidentKind, IncidentState } from '../spec/incident.ts';
import type { ReportIncident } from './report-incident.ts';

/** A rollback that nobody has resumed yet, with the feature's numbers when it was rolled back. */
export interface RolledBack {
  incident: string;
  opened_at: Date;
  reason: string;
  /** Finished jobs of the epoch, and the failed ones; null for a person's rollback, which has no such evidence. */
  evidence: {
    scope: string;
    jobs: number;
    errors: number;
    control_jobs: number;
    control_errors: number;
  } | null;
}

/** An incident as reported to the pull request that had raised the feature. */
export interface IncidentSince extends RolledBack {
  feature: string;
  kind: IncidentKind;
  state: IncidentState;
  resumed_by: string | null;
  superseded_by: string | null;
}

/**
 * Returns the rollback of a feature's latest incident; null if there is none, or if it is of another kind or resumed.
 */
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

/** Returns the rates that caused the rollback; null if there is no evidence. */
export function failingRates({ evidence }: RolledBack): { treatment: Rate; control: Rate } | null {
  if (evidence === null) return null;
  const { jobs, errors, control_jobs, control_errors } = evidence;
  return { treatment: counted(jobs, errors), control: counted(control_jobs, control_errors) };
}

function counted(jobs: number, errors: number): Rate {
  return rateOf([{ jobs, errors, timed_jobs: 0, processing_ms: 0 }]);
}
