import { admitsNobody } from './at-most.ts';
import type { Exposure, ResolvedExposure } from './spec.ts';
import type { SubjectType } from './vocabulary.ts';

/** What took the feature back: the controller, a person's stop, or SQL by hand. */
export type IncidentKind = 'rollback' | 'emergency_stop' | 'drift';

/** `open` is a hold. `settled`: the file agrees. `resumed`: a person raised the feature again. */
export const INCIDENT_STATES = ['open', 'settled', 'resumed', 'superseded'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** A person's leave to raise a held feature again, up to a ceiling. */
export interface Permit {
  ceiling: ResolvedExposure;
  granted_by: string;
  reason: string;
  expires_at: Date;
}

/**
 * How the tip of the default branch stands to the commit that settled an incident: it contains it, it does not
 * descend from it, or the file stopped agreeing by a commit that reverts another. `uncommitted`: the file or what
 * settled the incident is in no commit, so nothing shows that a person raised the feature after the incident. Only the
 * first is a resume; the others ask for a permit.
 */
export type Settlement = 'contained' | 'missing' | 'reverted' | 'uncommitted';

export interface Incident {
  id: string;
  feature: string;
  kind: IncidentKind;
  state: IncidentState;
  reason: string;
  opened_at: Date;
  /** Kind of the subjects that `held` is about: that of the feature when the incident opened. */
  subject: SubjectType;
  /** Exposure that may be live while the incident is open, lists resolved. */
  held: ResolvedExposure;
  /** Exposure before the incident, lists resolved; null where it was not known. */
  before: ResolvedExposure | null;
  permit: Permit | null;
  /** Commits by which the file came to agree: the one first reconciled, and our write-back. */
  settled_by: string[];
  /**
   * Filled in from the repository for settled incidents over which the file goes.
   */
  settlement: Settlement;
}

/** Where the file stands. `handed_on`: a stronger incident has taken over what was still to be written. */
export type WriteBackState = 'pending' | 'proposed' | 'done' | 'not_needed' | 'handed_on';

/** An incident as the commit or pull request names it that writes it back. */
export interface WrittenIncident {
  incident: string;
  feature: string;
  kind: IncidentKind;
  reason: string;
  held: Pick<Exposure, 'active' | 'emergency_stop' | 'percentage'>;
  before: Pick<Exposure, 'percentage'> | null;
  opened_at: Date;
}

/** An incident as people are told of it. */
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
  /** Where a person opens the pull request that the controller may not open. */
  write_back_url: string | null;
  /** Until when a person's leave to raise it lasts; null: there is none. */
  permit_until: Date | null;
}

/** Did it take anything away? A stop of what was off already did not, and has nothing to give back. */
export function tookAway({ before }: Incident): boolean {
  return before !== null && !admitsNobody(before);
}

/** Is the permit of this incident still good? */
export function permitInForce(incident: Incident, now: Date): Permit | null {
  return incident.permit && incident.permit.expires_at > now ? incident.permit : null;
}
