import { skippedSteps } from '../../policy/levels.ts';
import { isWithin } from '../../spec/at-most.ts';
import { dayObstacle } from '../../spec/days.ts';
import { freezeAt } from '../../spec/freeze.ts';
import { openingFrom } from '../../spec/hours.ts';
import type { ResolvedExposure } from '../../spec/spec.ts';
import type { DesiredFeature } from '../desired.ts';
import type { FeaturePair } from '../feature-pair.ts';
import type { ChangeWarning } from '../reason.ts';
import { subjectOf } from './writes.ts';

/** Returns warnings for a person who raises a feature now; empty if no new subject can enter. */
export function raiseWarnings(
  pair: Pick<FeaturePair, 'actual' | 'freeze' | 'now'>,
  before: ResolvedExposure | null,
  { spec, exposure }: Pick<DesiredFeature, 'spec' | 'exposure'>,
): ChangeWarning[] {
  const subject = pair.actual ? subjectOf(pair.actual) : spec.subject;
  const was = { subject, exposure: before ?? { ...exposure, active: false } };
  if (isWithin({ subject: spec.subject, exposure }, was)) return [];
  const { now } = pair;
  const freeze = freezeAt(pair.freeze, now);
  const obstacle = dayObstacle(spec, now);
  const opens = spec.hours ? openingFrom(spec.hours, now) : now;
  return [
    ...(freeze ? [{ code: 'freeze', ...freeze } as const] : []),
    ...(obstacle ? [obstacle] : []),
    ...(spec.hours && opens > now ? [{ code: 'hours', opens, zone: spec.hours.zone } as const] : []),
  ];
}

/** Warns about steps of the plan that a raise skips; empty if the file allows the skip. */
export function skipWarnings(
  before: ResolvedExposure | null,
  { spec, skips_steps }: Pick<DesiredFeature, 'spec' | 'skips_steps'>,
): ChangeWarning[] {
  const steps = skips_steps ? [] : skippedSteps(before, spec);
  return steps.length === 0 ? [] : [{ code: 'skips_steps', to: spec.percentage, steps }];
}
