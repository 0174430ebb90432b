import type { IncidentKind, IncidentState, WriteBackState } from '../spec/incident.ts';

/** An incident as a report shows it. */
export interface ReportIncident {
  id: string;
  kind: IncidentKind;
  state: IncidentState;
  severity: 'info' | 'warning' | 'critical';
  reason: string;
  opened_at: Date;
  opened_by: string;
  settled_at: Date | null;
  settled_by: string | null;
  resumed_at: Date | null;
  resumed_by: string | null;
  superseded_by: string | null;
  held_percentage: number;
  before_percentage: number | null;
  write_back: WriteBackState;
  write_back_commit: string | null;
  write_back_pull_request: number | null;
  write_back_error: string | null;
  issue: number | null;
  /** Evidence of the judgement; null for people's actions. */
  evidence: {
    scope: string;
    jobs: number;
    errors: number;
    since: Date | null;
    scores: { absolute: number; relative: number; warning: number; critical: number };
    window: { jobs: number; errors: number; control_jobs: number; control_errors: number };
  } | null;
  permit: { ceiling: number; granted_by: string; reason: string; expires_at: Date } | null;
}
