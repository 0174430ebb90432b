import type { Exposure } from './spec.ts';

/** What took the feature back: the controller, a person's stop, or SQL by hand. */
export type IncidentKind = 'rollback' | 'emergency_stop' | 'drift';

/** `open` is a hold. `settled`: the file agrees. `resumed`: a person raised the feature again. */
export const INCIDENT_STATES = ['open', 'settled', 'resumed', 'superseded'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** A person's leave to raise a held feature again, up to a ceiling. */
export interface Permit {
  ceiling: Exposure;
  granted_by: string;
  reason: string;
  expires_at: Date;
}

/**
 * How the tip of the default branch stands to the commit that settled an incident: it contains it, it does not
 * descend from it, or a later commit took it back with `git revert`. The last two are no resume.
 */
export type Settlement = 'contained' | 'missing' | 'reverted';

export interface Incident {
  id: string;
  feature: string;
  kind: IncidentKind;
  state: IncidentState;
  reason: string;
  opened_at: Date;
  /** Exposure that may be live while the incident is open, lists resolved. */
  held: Exposure;
  /** Exposure before the incident, lists resolved; null where it was not known. */
  before: Exposure | null;
  permit: Permit | null;
  /** Commits by which the file came to agree: the one first reconciled, and our write-back. */
  settled_by: string[];
  /** Filled in from the repository for settled incidents; `contained` where the file is in no repository. */
  settlement: Settlement;
}

/** What a change does to the incidents of its feature. */
export type IncidentEffect =
  | { do: 'open'; kind: IncidentKind; held: Exposure; before: Exposure | null; reason: string }
  | { do: 'settle'; incident: string }
  | { do: 'resume'; incident: string }
  | { do: 'reopen'; incident: string; held: Exposure };

/** Is the permit of this incident still good? */
export function permitInForce(incident: Incident, now: Date): Permit | null {
  return incident.permit && incident.permit.expires_at > now ? incident.permit : null;
}
