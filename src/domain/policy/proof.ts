import { same } from '../spec/difference.ts';
import type { Promotes } from '../spec/policy.ts';
import { EXPOSURE_FIELDS, type Spec } from '../spec/spec.ts';
import type { Breach, Unproved } from './breach.ts';

/**
 * Fields that may differ between two environments: who is in, how the ramp goes, and prose. The other fields decide how
 * a feature is judged and what happens on harm, so if these are equal, evidence of one environment holds for the other.
 */
export const OWN_FIELDS: readonly string[] = [
  ...EXPOSURE_FIELDS,
  ...['paused', 'steps', 'advance', 'hours', 'not_before', 'cutoff', 'budget', 'description', 'owner'],
];

/** State of a feature in another environment. */
export type Elsewhere =
  /** Its database cannot be read; `why` is the reason. */
  | { state: 'unknown'; why: string }
  | { state: 'absent' }
  | {
      state: 'there';
      spec: Spec;
      /** May anybody be in? */
      admits: boolean;
      /** Verdict of the last check; null: none in this epoch. */
      verdict: string | null;
      /** Seconds up to that check in which every check was healthy and the spec did not change. */
      healthy_seconds: number;
      /** Seconds since that check, by that database's clock. */
      checked_seconds_ago: number;
    };

/** An older check does not count: a tick judges every quarter of an hour. */
const OLDEST_S = 86_400;

/** Returns the fields that must be equal and in which two specs differ. */
export function differingFields(one: Spec, other: Spec): string[] {
  const [a, b] = [one, other].map((spec) => spec as unknown as Record<string, unknown>);
  const names = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
  return [...names].filter((name) => !OWN_FIELDS.includes(name) && !same(a?.[name], b?.[name])).sort();
}

/**
 * Returns why the other environment does not prove a raise here; null: the feature was healthy there for long enough.
 */
export function unproved({ soak }: Promotes, spec: Spec, elsewhere: Elsewhere): Unproved | null {
  if (elsewhere.state === 'unknown') return { code: 'unknown', why: elsewhere.why };
  if (elsewhere.state === 'absent') return { code: 'absent' };
  const fields = differingFields(spec, elsewhere.spec);
  if (fields.length > 0) return { code: 'differs', fields };
  if (!elsewhere.admits) return { code: 'off' };
  const { verdict, healthy_seconds, checked_seconds_ago } = elsewhere;
  if (verdict !== 'healthy') return { code: 'unhealthy', verdict };
  if (checked_seconds_ago > OLDEST_S) return { code: 'old', seconds: checked_seconds_ago };
  return healthy_seconds < soak ? { code: 'young', seconds: healthy_seconds, soak } : null;
}

/** The breach if the policy demands a proof. A missing reading proves nothing. */
export function notProved(promotes: Promotes | undefined, spec: Spec, elsewhere: Elsewhere | null): Breach[] {
  if (promotes === undefined) return [];
  const because = unproved(promotes, spec, elsewhere ?? { state: 'unknown', why: 'nobody looked' });
  return because === null ? [] : [{ code: 'not_proved', from: promotes.from, because }];
}
