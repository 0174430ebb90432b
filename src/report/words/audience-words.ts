import type { ShownNarrowing } from '../../domain/spec/audience/audience.ts';
import { counted } from '../../lib/counted.ts';
import { harmless } from '../../lib/text.ts';

/** Limit of named values of one attribute; the others are counted. */
const MOST_VALUES = 5;

/**
 * `only plan free or pro, not region cn, by owner`, or `only plan (2 values)`; null if a feature asks for no attribute.
 */
export function audienceText({ where = {}, not = {}, group_by }: ShownNarrowing): string | null {
  const parts = [
    ...Object.entries(where).map(([attribute, values]) => `only ${valuesText(attribute, values)}`),
    ...Object.entries(not).map(([attribute, values]) => `not ${valuesText(attribute, values)}`),
    ...(group_by === undefined ? [] : [`by ${harmless(group_by)}`]),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

function valuesText(attribute: string, values: readonly string[] | number): string {
  if (typeof values === 'number') return `${harmless(attribute)} (${counted(values, 'value')})`;
  const named = values.slice(0, MOST_VALUES).map((value) => harmless(value));
  const rest = values.length - named.length;
  const all = rest > 0 ? [...named, `${rest} more`] : named;
  const last = all.pop();
  return `${harmless(attribute)} ${all.length === 0 ? last : `${all.join(', ')} or ${last}`}`;
}
