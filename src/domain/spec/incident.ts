import { admitsNobody } from './at-most.ts';
import type { Exposure, ResolvedExposure } from './spec.ts';
import type { SubjectType } from './vocabulary.ts';

/** What reduced the feature: the controller, a person's stop, or SQL by hand. */
export type IncidentKind = 'rollback' | 'emergency_stop' | 'drift';

/** `open` is a hold. `settled`: the file agrees. `resumed`: a person raised the feature again. */
export const INCIDENT_STATES = ['open', 'settled', 'resumed', 'superseded'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** A person's permission to raise a held feature again, up to a ceiling. */
export interface Permit {
  ceiling: ResolvedExposure;
  granted_by: string;
  reason: string;
  expires_at: Date;
}

/**
 * Relation of the default branch's tip to the commit that settled an incident: it contains the commit, does not descend
 * from it, or the file stopped agreeing by a commit that reverts another. `uncommitted`: the file or the settling
 * change is in no commit, so nothing shows that a person raised the feature after the incident. Only `contained` is a
 * resume; the others need a permit.
 */
export type Settlement = 'contained' | 'missing' | 'reverted' | 'uncommitted';

export interface Incident {
  id: string;
  feature: string;
  kind: IncidentKind;
  state: IncidentState;
  reason: string;
  opened_at: Date;
  /** Subject type that `held` applies to: the feature's when the incident opened. */
  subject: SubjectType;
  /** Exposure that may be live while the incident is open, lists resolved. */
  held: ResolvedExposure;
  /** Exposure before the incident, lists resolved; null if not known. */
  before: ResolvedExposure | null;
  permit: Permit | null;
  /** Commits by which the file agreed: the one first reconciled, and the controller's write-back. */
  settled_by: string[];
  /** Read from the repository for settled incidents that the file exceeds. */
  settlement: Settlement;
}

/** State of the file's edit. `handed_on`: a stronger incident has taken over the remaining edits. */
export type WriteBackState = 'pending' | 'proposed' | 'done' | 'not_needed' | 'handed_on';

/** An incident as named by the commit or pull request that writes it back. */
export interface WrittenIncident {
  incident: string;
  feature: string;
  kind: IncidentKind;
  reason: string;
  held: Pick<Exposure, 'active' | 'emergency_stop' | 'percentage'>;
  before: Pick<Exposure, 'percentage'> | null;
  opened_at: Date;
}

/** An incident as reported to people. */
export interface ToldIncident {
  incident: string;
  feature: string;
  kind: IncidentKind;
  state: IncidentState;
  severity: 'info' | 'warning' | 'critical';
  reason: string;
  held: ResolvedExposure;
  before: ResolvedExposure | null;
  opened_at: Date;
  opened_by: string;
  settled_by: string | null;
  resumed_by: string | null;
  superseded_by: string | null;
  write_back: WriteBackState;
  write_back_commit: string | null;
  write_back_pull_request: number | null;
  write_back_error: string | null;
  /** Where a person opens the pull request that the controller may not open; null: nobody has to. */
  write_back_url: string | null;
  /** End of the permit; null: no permit. */
  permit_until: Date | null;
}

/** Did the incident reduce exposure? A stop of a feature that was already off did not, and has nothing to restore. */
export function tookAway({ before }: Incident): boolean {
  return before !== null && !admitsNobody(before);
}

/** Returns the incident's permit if it is still valid. */
export function permitInForce(incident: Incident, now: Date): Permit | null {
  return incident.permit && incident.permit.expires_at > now ? incident.permit : null;
}
