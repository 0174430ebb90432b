import { same } from '../spec/difference.ts';
import type { Promotes } from '../spec/policy.ts';
import { EXPOSURE_FIELDS, type Spec } from '../spec/spec.ts';
import type { Breach, Unproved } from './breach.ts';

/**
 * Fields that two environments may have differently: who is in, how the ramp goes, and prose. What is left says how a
 * feature is judged and what happens when it does harm, so evidence for one holds for the other.
 */
export const OWN_FIELDS: readonly string[] = [
  ...EXPOSURE_FIELDS,
  ...['paused', 'steps', 'advance', 'hours', 'not_before', 'cutoff', 'description', 'owner'],
];

/** What another environment knows of a feature. */
export type Elsewhere =
  /** Its database cannot be read; `why` says what was found. */
  | { state: 'unknown'; why: string }
  | { state: 'absent' }
  | {
      state: 'there';
      spec: Spec;
      /** May anybody be in? */
      admits: boolean;
      /** Of the last check; null: none was made in this epoch. */
      verdict: string | null;
      /** Seconds up to that check, in which every check was healthy and the spec what it is. */
      healthy_seconds: number;
      /** Seconds since that check, by that database's clock. */
      checked_seconds_ago: number;
    };

/** A check that is older says nothing of today: a tick judges every quarter of an hour. */
const OLDEST_S = 86_400;

/** Fields in which two specs differ that have to be the same. */
export function differingFields(one: Spec, other: Spec): string[] {
  const [a, b] = [one, other].map((spec) => spec as unknown as Record<string, unknown>);
  const names = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
  return [...names].filter((name) => !OWN_FIELDS.includes(name) && !same(a?.[name], b?.[name])).sort();
}

/** What keeps a raise here from being proved there; null: it was healthy there for long enough. */
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

/** Breach of a policy that asks for a proof. A missing reading proves nothing. */
export function notProved(promotes: Promotes | undefined, spec: Spec, elsewhere: Elsewhere | null): Breach[] {
  if (promotes === undefined) return [];
  const because = unproved(promotes, spec, elsewhere ?? { state: 'unknown', why: 'nobody looked' });
  return because === null ? [] : [{ code: 'not_proved', from: promotes.from, because }];
}
