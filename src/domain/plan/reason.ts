import type { Breach } from '../policy/breach.ts';
import type { DayObstacle } from '../spec/days.ts';
import type { Difference } from '../spec/difference.ts';
import type { Settlement } from '../spec/incident.ts';
import type { Exposure, Freeze, Spec } from '../spec/spec.ts';
import type { SubjectType } from '../spec/vocabulary.ts';
import type { FileErrors } from './desired.ts';

/** A field that somebody reduced by SQL, with the value that it has now. */
export interface ReducedField {
  field: keyof Exposure;
  value: unknown;
}

/** What a spec exposes, as far as a sentence says it. */
export interface ExposureFacts extends Pick<Spec, 'active' | 'emergency_stop' | 'strategy' | 'percentage'> {
  /** Entries of the whitelist. */
  whitelist: number;
}

/** Why a change is planned, held or refused, as a code with its facts. `repaired` are fields put back after an edit by hand. */
export type ChangeReason =
  | { code: 'created'; exposure: ExposureFacts }
  | {
      code: 'updated';
      /** It comes back from the archive. */
      unarchived: boolean;
      /** Why there is nothing to compare with: its spec was edited by SQL, or it was never reconciled. */
      baseline: 'edited' | 'none' | null;
      differences: readonly Difference[];
      repaired: readonly string[];
    }
  /** `reconciled`: the file once had it. */
  | { code: 'archived'; reconciled: boolean }
  /** `incident`: the one that holds the state that is put back. */
  | { code: 'drift_repaired'; repaired: readonly string[]; incident: string | null }
  | { code: 'drift_adopted'; reduced: readonly ReducedField[]; repaired: readonly string[] }
  /** Gone from the file, or never in it, and on in the database. */
  | { code: 'still_on'; feature: string; reconciled: boolean }
  /** Its part of the file has errors. */
  | ({ code: 'file_errors' } & FileErrors)
  | { code: 'settled'; incident: string; reason: string }
  /** A person raises it again. `day`: when it was rolled back. */
  | { code: 'resumed'; incident: string; day: string; reason: string; exposure: ExposureFacts }
  | { code: 'reopened'; feature: string; incident: string; settlement: Settlement }
  | {
      code: 'held';
      feature: string;
      incident: string;
      since: Date;
      reason: string;
      repaired: readonly string[];
      /** The kind of subjects that the file asks for, and that has to wait; null: it is the same. */
      subject: SubjectType | null;
      permit: PermitGap | null;
    }
  /** A new feature with the salt of another one that is held. `incident` is null where the same plan opens it. */
  | { code: 'salt_held'; holder: string; incident: string | null; reason: HeldBecause }
  /** It breaks the policy that was reconciled before it. */
  | { code: 'policy'; feature: string; breaches: readonly Breach[] }
  /** The database refused to apply it; everything else was applied. */
  | { code: 'database_refused'; error: string };

/** Why an incident holds: its stored reason, or the fields whose reduction this plan adopts. */
export type HeldBecause = { reason: string } | { reduced: readonly ReducedField[] };

/** Which half of a permit is missing. */
export type PermitGap =
  /** `resumes:` stands in the file, and no permit is in force. */
  | { code: 'no_permit'; resumes: string }
  /** The file asks for more than the permit allows. */
  | { code: 'above_permit'; incident: string }
  /** `resumes:` names another incident. */
  | { code: 'other_incident'; resumes: string }
  /** The permit waits for `resumes:` in the file. */
  | { code: 'no_resumes'; incident: string };

/** What a person should know about a change that is made all the same. */
export type ChangeWarning =
  | ({ code: 'freeze' } & Freeze)
  | DayObstacle
  /** It is raised outside of its hours; `opens` is when they begin. */
  | { code: 'hours'; opens: Date; zone: string }
  /** It waits for the hours of the policy once it is merged. */
  | { code: 'policy_hours'; opens: Date; zone: string }
  /** It is raised to a percentage beyond its next step; `steps` are those left out. */
  | { code: 'skips_steps'; to: number; steps: readonly number[] }
  /** The file begins to ask for `advance: commit`, which no person reviews. */
  | { code: 'unreviewed' }
  /** Ids of a list that no subject of the kind has. */
  | { code: 'unknown_ids'; subject: SubjectType; ids: readonly string[] }
  /** Names of a list that no subject has. */
  | { code: 'unmatched_names'; subject: SubjectType; names: readonly string[] }
  /** Owners of a list that have no repository. */
  | { code: 'unmatched_owners'; owners: readonly string[] }
  /** Attributes that no subject has, so that nobody is in. */
  | { code: 'unknown_attributes'; subject: SubjectType; attributes: readonly string[] }
  /** Attributes that some subjects have as a number or something else, which counts as absent. */
  | { code: 'attributes_not_text'; subject: SubjectType; attributes: readonly string[] }
  /** Values of an attribute that no subject has. */
  | { code: 'unknown_values'; subject: SubjectType; attribute: string; values: readonly string[] }
  /** Owners in the whitelist have everybody, so that the percentage below 100 decides nothing. */
  | { code: 'everybody_listed'; subject: SubjectType; total: number; percentage: number }
  /** Filters or owners in the blacklist leave nobody in, although the feature is on. */
  | { code: 'nobody_left'; subject: SubjectType; total: number; percentage: number };

/** Why a file may not be applied at all: it has no features, and these are live in the database. */
export interface EmptyFile {
  live: readonly string[];
}

export function exposureFacts({
  active,
  emergency_stop,
  strategy,
  percentage,
  whitelist,
}: Spec): ExposureFacts {
  return { active, emergency_stop, strategy, percentage, whitelist: whitelist.length };
}

/** The facts without the differences of an update, which may be long and stand elsewhere. */
export function reasonFacts(reason: ChangeReason): object {
  if (reason.code !== 'updated') return reason;
  const { differences: _differences, ...facts } = reason;
  return facts;
}
