import type { Incident, IncidentKind } from '../spec/incident.ts';
import type { ResolvedExposure } from '../spec/spec.ts';
import type { ReducedField } from './reason.ts';

/** What a hold of a salt needs of an incident; one that the plan itself opens has no id and no stored reason yet. */
export type TakenAway = Pick<Incident, 'feature' | 'held'> &
  ({ id: string; reason: string } | { id: null; reduced: readonly ReducedField[] });

/** What a change does to the incidents of its feature. */
export type IncidentEffect =
  | {
      do: 'open';
      kind: IncidentKind;
      held: ResolvedExposure;
      before: ResolvedExposure | null;
      /** The fields that SQL reduced, which are its reason. */
      reduced: readonly ReducedField[];
    }
  | { do: 'settle'; incident: string }
  | { do: 'resume'; incident: string }
  | { do: 'reopen'; incident: string; held: ResolvedExposure };
