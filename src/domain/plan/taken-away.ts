import type { Incident, IncidentKind } from '../spec/incident.ts';
import type { ResolvedExposure } from '../spec/spec.ts';
import type { ReducedField } from './reason.ts';

/**
 * The part of an incident that holds a salt; an incident that the plan itself opens has no id and no stored reason yet.
 */
export type TakenAway = Pick<Incident, 'feature' | 'held'> &
  ({ id: string; reason: string } | { id: null; reduced: readonly ReducedField[] });

/** Effect of a change on its feature's incidents. */
export type IncidentEffect =
  | {
      do: 'open';
      kind: IncidentKind;
      held: ResolvedExposure;
      before: ResolvedExposure | null;
      /** The fields that SQL reduced; they are the incident's reason. */
      reduced: readonly ReducedField[];
    }
  | { do: 'settle'; incident: string }
  | { do: 'resume'; incident: string }
  | { do: 'reopen'; incident: string; held: ResolvedExposure };
