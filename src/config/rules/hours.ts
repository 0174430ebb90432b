import { type Hours, minuteOf } from '../../domain/spec/hours.ts';
import { error, type FeatureView } from '../base/finding.ts';
import type { Finding, Path } from '../base/problems.ts';
import type { HoursEntry } from '../base/schema-types.ts';

/** Checks that hours begin before they end, over `defaults` and feature together, because each may set one end. */
export function hoursRules({ path, written, spec }: FeatureView): Finding[] {
  return spec.hours && written.hours ? endsFirst([...path, 'hours'], written.hours, spec.hours) : [];
}

/** Checks the hours of `policy`, whose two ends are in one place. */
export function endsFirst(path: Path, written: HoursEntry, { from, to }: Hours): Finding[] {
  if (minuteOf(from) < minuteOf(to)) return [];
  return written.to === undefined
    ? [error([...path, 'from'], `hours.from is ${from}; it must be earlier than hours.to, ${to}`)]
    : [error([...path, 'to'], `hours.to is ${to}; it must be later than hours.from, ${from}`)];
}
