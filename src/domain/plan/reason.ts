import type { CostProblem } from '../evidence/cost.ts';
import type { Excess } from '../evidence/spending.ts';
import type { Breach } from '../policy/breach.ts';
import type { DayObstacle } from '../spec/days.ts';
import type { Difference } from '../spec/difference.ts';
import type { Settlement } from '../spec/incident.ts';
import type { Exposure, Freeze, Spec } from '../spec/spec.ts';
import type { SubjectType } from '../spec/vocabulary.ts';
import type { FileErrors } from './desired.ts';

/** A field that was reduced by SQL, with its present value. */
export interface ReducedField {
  field: keyof Exposure;
  value: unknown;
}

/** Exposure of a spec, as far as a sentence mentions it. */
export interface ExposureFacts extends Pick<Spec, 'active' | 'emergency_stop' | 'strategy' | 'percentage'> {
  /** Number of entries of the whitelist. */
  whitelist: number;
}

/**
 * Why a change is planned, held or refused, as a code with its facts. `repaired` lists fields that are put back after a
 * manual edit.
 */
export type ChangeReason =
  | { code: 'created'; exposure: ExposureFacts }
  | {
      code: 'updated';
      /** True: it is restored from the archive. */
      unarchived: boolean;
      /** Why there is no baseline: its spec was edited by SQL, or it was never reconciled. */
      baseline: 'edited' | 'none' | null;
      differences: readonly Difference[];
      repaired: readonly string[];
    }
  /** `reconciled`: the file once had the feature. */
  | { code: 'archived'; reconciled: boolean }
  /** `incident`: the incident whose held state is put back. */
  | { code: 'drift_repaired'; repaired: readonly string[]; incident: string | null }
  | { code: 'drift_adopted'; reduced: readonly ReducedField[]; repaired: readonly string[] }
  /** Missing from the file, but on in the database. `reconciled`: the file once had the feature. */
  | { code: 'still_on'; feature: string; reconciled: boolean }
  /** Its part of the file has errors. */
  | ({ code: 'file_errors' } & FileErrors)
  | { code: 'settled'; incident: string; reason: string }
  /** A person raises the feature again. `day`: when it was rolled back. */
  | { code: 'resumed'; incident: string; day: string; reason: string; exposure: ExposureFacts }
  | { code: 'reopened'; feature: string; incident: string; settlement: Settlement }
  | {
      code: 'held';
      feature: string;
      incident: string;
      since: Date;
      reason: string;
      repaired: readonly string[];
      /** The file's subject type, which has to wait; null: it does not change. */
      subject: SubjectType | null;
      permit: PermitGap | null;
    }
  /** A new feature with the salt of a held one. `incident` is null if the same plan opens it. */
  | { code: 'salt_held'; holder: string; incident: string | null; reason: HeldBecause }
  /** The change breaks the policy that was reconciled before it. */
  | { code: 'policy'; feature: string; breaches: readonly Breach[] }
  /** The database rejected the change; all others were applied. */
  | { code: 'database_refused'; error: string };

/** Why an incident holds: its stored reason, or the fields whose reduction this plan adopts. */
export type HeldBecause = { reason: string } | { reduced: readonly ReducedField[] };

/** Which half of a permit is missing. */
export type PermitGap =
  /** The file has `resumes:`, but no permit is in force. */
  | { code: 'no_permit'; resumes: string }
  /** The file asks for more than the permit allows. */
  | { code: 'above_permit'; incident: string }
  /** `resumes:` names another incident. */
  | { code: 'other_incident'; resumes: string }
  /** The permit waits for `resumes:` in the file. */
  | { code: 'no_resumes'; incident: string };

/** A warning about a change that is made nevertheless. */
export type ChangeWarning =
  | ({ code: 'freeze' } & Freeze)
  | DayObstacle
  /** The raise is outside its hours; `opens` is when they begin. */
  | { code: 'hours'; opens: Date; zone: string }
  /** Once merged, it waits for the policy's hours. */
  | { code: 'policy_hours'; opens: Date; zone: string }
  /** It is raised beyond its next step; `steps` are the skipped ones. */
  | { code: 'skips_steps'; to: number; steps: readonly number[] }
  /** At present traffic it would cost more than its budget allows: after the change, or at the step after that. */
  | ({ code: 'over_budget'; step: 'change' | 'next' } & Excess)
  /** It has a budget, but its cost is not known, so it takes no step. */
  | { code: 'cost_unknown'; problem: CostProblem }
  /** The file switches to `advance: commit`, which no person reviews. */
  | { code: 'unreviewed' }
  /** Ids in a list that match no subject of this type. */
  | { code: 'unknown_ids'; subject: SubjectType; ids: readonly string[] }
  /** Names in a list that match no subject. */
  | { code: 'unmatched_names'; subject: SubjectType; names: readonly string[] }
  /** Owners in a list without a repository. */
  | { code: 'unmatched_owners'; owners: readonly string[] }
  /** Attributes that no subject has, so that nobody is in. */
  | { code: 'unknown_attributes'; subject: SubjectType; attributes: readonly string[] }
  /** Attributes that some subjects have as a number or another type, which counts as absent. */
  | { code: 'attributes_not_text'; subject: SubjectType; attributes: readonly string[] }
  /** Values of an attribute that no subject has. */
  | { code: 'unknown_values'; subject: SubjectType; attribute: string; values: readonly string[] }
  /** The owners in the whitelist include every subject, so a percentage below 100 has no effect. */
  | { code: 'everybody_listed'; subject: SubjectType; total: number; percentage: number }
  /** Filters or owners in the blacklist exclude every subject, although the feature is on. */
  | { code: 'nobody_left'; subject: SubjectType; total: number; percentage: number };

/** Why a file may not be applied at all: it has no features, although these are live in the database. */
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

/** Returns the facts without an update's differences, which may be long and are shown elsewhere. */
export function reasonFacts(reason: ChangeReason): object {
  if (reason.code !== 'updated') return reason;
  const { differences: _differences, ...facts } = reason;
  return facts;
}
