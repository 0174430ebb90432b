import { asksForFacts, type Narrowing, narrowingOf } from '../../domain/spec/audience/audience.ts';
import type { RuntimeFeature } from '../../store/runtime/feature.ts';

/** Fields that a reader needs to decide on a feature, and that older readers do not know. */
interface Newer extends Narrowing {
  active: boolean;
}

/**
 * A feature as it travels. Of one that facts narrow, or that has owners in its lists, the fields that every reader knows
 * say that it is off: an older reader, which leaves out what it does not know, lets nobody in.
 */
export type WireFeature = Omit<RuntimeFeature, keyof Narrowing> & { newer?: Newer };

const FIELDS: ReadonlySet<string> = new Set<keyof Newer>(['active', 'where', 'not', 'group_by']);

export function toWire(feature: RuntimeFeature): WireFeature {
  const { where: _where, not: _not, group_by: _group, ...others } = feature;
  if (!asksForFacts(feature)) return others;
  return { ...others, active: false, newer: { active: feature.active, ...narrowingOf(feature) } };
}

/** A feature of a later version than this reader stays off. Null: `newer` is not what it may be. */
export function fromWire({ newer, ...others }: WireFeature): RuntimeFeature | null {
  if (newer === undefined) return others;
  if (typeof newer !== 'object' || newer === null || Array.isArray(newer)) return null;
  if (!Object.keys(newer).every((field) => FIELDS.has(field))) return { ...others, active: false };
  const { active, where, not, group_by } = newer;
  const sound =
    typeof active === 'boolean' &&
    isFilter(where) &&
    isFilter(not) &&
    (group_by === undefined || typeof group_by === 'string');
  return sound ? { ...others, active, ...narrowingOf(newer) } : null;
}

function isFilter(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(
    (values) => Array.isArray(values) && values.every((one) => typeof one === 'string'),
  );
}
