import type { Edit } from '../../config/edit/edit.ts';
import { isOff } from '../../domain/spec/at-most.ts';
import type { Incident } from '../../domain/spec/incident.ts';
import { type Exposure, exposureOf, type Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';

/** How far a feature is to be raised again. */
export interface Target {
  feature: string;
  /** The open incident, which gets a permit; null: nothing holds the feature, only the file has it off. */
  hold: Incident | null;
  /** The incident that gets the permit and the line `resumes:`; null: the raise needs neither. */
  permitted: Incident | null;
  /** What the latest incident took away; null: nothing did. */
  before: Exposure | null;
  /** False: the feature was off before the incident, and stays so. */
  active: boolean;
  /** Null where the percentage decides nothing. */
  percentage: number | null;
}

/**
 * Decides how far a resume goes. Throws `usage` where the file does not say and the person did not either, where
 * they ask for more than there was, and where there is nothing to resume.
 */
export function targetOf(
  feature: string,
  spec: Spec,
  incident: Incident | null,
  /** The spec that was last applied, for an incident that does not know what was before it. */
  baseline: Spec | null,
  asked: number | undefined,
  /** False: a plain file. No commit shows that a person raised it since an incident was settled. */
  committed: boolean,
): Target {
  const hold = incident?.state === 'open' ? incident : null;
  const settled = incident?.state === 'settled' ? incident : null;
  // A plain file that is on stays below what a settled incident held until a person resumes it.
  const bound = hold ?? (committed ? null : settled);
  if (!bound && !isOff(spec)) throw nothingHeld(feature, spec);
  const before = hold || settled ? ((hold ?? settled)?.before ?? (baseline && exposureOf(baseline))) : null;
  const target = { feature, hold, permitted: bound, before };
  if (before && !before.active) {
    if (asked !== undefined) throw wasOff(feature, hold ?? settled);
    return { ...target, active: false, percentage: null };
  }
  if (spec.strategy === 'whitelist') {
    if (asked !== undefined) throw noPercentage(feature);
    return { ...target, active: true, percentage: null };
  }
  // At 0% there is a whitelist: where it was so before, nothing else can be meant.
  const says = spec.active && (spec.percentage > 0 || before?.percentage === 0);
  const percentage = asked ?? (says ? spec.percentage : null);
  if (percentage === null) throw sayHowFar(feature, spec, before);
  if (before && percentage > before.percentage) throw tooFar(feature, percentage, before.percentage);
  return { ...target, active: true, percentage };
}

/** The edits that let the file ask for it. */
export function targetEdits({ active, percentage, hold, permitted, before }: Target, spec: Spec): Edit[] {
  const edits: Edit[] = [];
  if (spec.emergency_stop) edits.push({ kind: 'set', path: ['emergency_stop'], value: false });
  if (active && !spec.active) edits.push({ kind: 'set', path: ['active'], value: true });
  if (percentage !== null && spec.percentage !== percentage) {
    edits.push({ kind: 'set', path: ['percentage'], value: percentage });
  }
  // The reviewed half of the permit: without it in the file of the default branch nothing is raised.
  if (permitted) edits.push({ kind: 'set', path: ['resumes'], value: Number(permitted.id) });
  // What was off before a stop is off in the file too, or the hold would go on.
  if (!active && (hold || before) && spec.active) {
    edits.push({ kind: 'set', path: ['active'], value: false });
  }
  return edits;
}

/** Up to here the incident's feature may be raised. */
export function ceilingOf({ before, active, percentage }: Target, spec: Spec): Exposure {
  const was = before ?? exposureOf(spec);
  return { ...was, active, emergency_stop: false, percentage: percentage ?? was.percentage };
}

function nothingHeld(feature: string, spec: Spec): RolloutError {
  return new RolloutError('usage', `${feature} is not held, and on in the file at ${spec.percentage}%`, {
    hint: `to change it, run: rollout set ${feature} N`,
  });
}

function wasOff(feature: string, incident: Incident | null): RolloutError {
  return new RolloutError(
    'usage',
    `${feature} was off before incident ${incident?.id}: there is nothing to raise`,
    {
      hint: `leave --percentage out to end the hold; then switch it on with another: rollout resume ${feature} --percentage N --reason "..."`,
    },
  );
}

function noPercentage(feature: string): RolloutError {
  return new RolloutError('usage', `${feature} has the strategy whitelist, which has no percentage`, {
    hint: 'leave --percentage out',
  });
}

function sayHowFar(feature: string, spec: Spec, before: Exposure | null): RolloutError {
  const says = spec.active ? '0%' : 'off';
  const most = before ? `, at most ${before.percentage}` : '';
  return new RolloutError('usage', `the file says ${says} for ${feature}: add the percentage to resume to`, {
    hint: `rollout resume ${feature} --percentage N --reason "..."${most}`,
  });
}

function tooFar(feature: string, asked: number, before: number): RolloutError {
  return new RolloutError(
    'usage',
    `${asked}% is more than the ${before}% that ${feature} had before the incident`,
    { hint: `resume at most to ${before}%, and go on from there with: rollout set ${feature} N` },
  );
}
