import type { Edit } from '../../config/edit/edit.ts';
import { isOff } from '../../domain/spec/at-most.ts';
import type { Incident } from '../../domain/spec/incident.ts';
import { type Exposure, exposureOf, type Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';

/** How far a feature is to be raised again. */
export interface Target {
  feature: string;
  /** The open incident, which gets a permit; null: the feature is not held, only off in the file. */
  hold: Incident | null;
  /** The incident that gets the permit and the line `resumes:`; null: the raise needs neither. */
  permitted: Incident | null;
  /** Exposure before the latest incident; null: none reduced it. */
  before: Exposure | null;
  /** False: the feature was off before the incident and stays off. */
  active: boolean;
  /** Percentage to resume at; null if the percentage decides nothing. */
  percentage: number | null;
}

/**
 * Decides how far a resume goes. Throws `usage` if neither the file nor the person states it, if the person asks for
 * more than before, and if there is nothing to resume.
 */
export function targetOf(
  feature: string,
  spec: Spec,
  incident: Incident | null,
  /** The spec that was last applied, for an incident without a known state before it. */
  baseline: Spec | null,
  asked: number | undefined,
  /** False: a plain file, where no commit can show that a person raised it after an incident was settled. */
  committed: boolean,
): Target {
  const hold = incident?.state === 'open' ? incident : null;
  const settled = incident?.state === 'settled' ? incident : null;
  // A plain file that is on stays below a settled incident's held state until a person resumes it.
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
  // 0% may mean a whitelist: if that was the state before, nothing else can be meant.
  const says = spec.active && (spec.percentage > 0 || before?.percentage === 0);
  const percentage = asked ?? (says ? spec.percentage : null);
  if (percentage === null) throw sayHowFar(feature, spec, before);
  if (before && percentage > before.percentage) throw tooFar(feature, percentage, before.percentage);
  return { ...target, active: true, percentage };
}

/** Returns the edits that make the file ask for the target. */
export function targetEdits({ active, percentage, hold, permitted, before }: Target, spec: Spec): Edit[] {
  const edits: Edit[] = [];
  if (spec.emergency_stop) edits.push({ kind: 'set', path: ['emergency_stop'], value: false });
  if (active && !spec.active) edits.push({ kind: 'set', path: ['active'], value: true });
  if (percentage !== null && spec.percentage !== percentage) {
    edits.push({ kind: 'set', path: ['percentage'], value: percentage });
  }
  // The reviewed half of the permit: without it in the default branch's file nothing is raised.
  if (permitted) edits.push({ kind: 'set', path: ['resumes'], value: Number(permitted.id) });
  // If the feature was off before a stop, the file must say off too, or the hold would continue.
  if (!active && (hold || before) && spec.active) {
    edits.push({ kind: 'set', path: ['active'], value: false });
  }
  return edits;
}

/** Returns the ceiling to which the incident's feature may be raised. */
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
