import { asksForFacts, type Narrowing, narrowingOf } from '../../domain/spec/audience/audience.ts';
import type { RuntimeFeature } from '../../store/runtime/feature.ts';

/** Fields that a decision needs and that older readers do not know. */
interface Newer extends Narrowing {
  active: boolean;
}

/**
 * A feature in transfer. If it is narrowed by facts, or has owners in its lists, the fields that every reader knows say
 * that it is off: an older reader, which ignores unknown fields, admits nobody.
 */
export type WireFeature = Omit<RuntimeFeature, keyof Narrowing> & { newer?: Newer };

const FIELDS: ReadonlySet<string> = new Set<keyof Newer>(['active', 'where', 'not', 'group_by']);

export function toWire(feature: RuntimeFeature): WireFeature {
  const { where: _where, not: _not, group_by: _group, ...others } = feature;
  if (!asksForFacts(feature)) return others;
  return { ...others, active: false, newer: { active: feature.active, ...narrowingOf(feature) } };
}

/** Reads a feature from wire form; one of a later version than this reader stays off. Null: `newer` is invalid. */
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
