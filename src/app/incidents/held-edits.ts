import type { Edit } from '../../config/edit/edit.ts';
import type { EditValue } from '../../config/edit/value.ts';
import { goesByCategory, goesBySalt, isOff, type Whom } from '../../domain/spec/at-most.ts';
import { type Filter, narrowingOf, narrowsAtMost } from '../../domain/spec/audience/audience.ts';
import { same } from '../../domain/spec/difference.ts';
import { foldName, ownerFolded, type Resolved } from '../../domain/spec/resolve.ts';
import { asResolved, type ResolvedExposure, type Spec } from '../../domain/spec/spec.ts';

/**
 * Returns edits after which a feature's entry admits no more than the held state.
 *
 * Off is `active: false`, and `percentage: 0` if the strategy has one; a stop is `emergency_stop: true`; a person's
 * other settings of such a feature stay. For other held states, the differing fields are edited. Customers have no
 * size: a held state by size admits only its whitelisted customers, written as `percentage: 0`. If the file has changed
 * to another subject type, none of its subjects were ever in: `percentage: 0` and no whitelist. `resolved` maps names
 * of the file's lists to the ids in the held lists.
 */
export function heldEdits(spec: Spec, resolved: Resolved, { exposure: held, subject }: Whom): Edit[] {
  const edits: Edit[] = [];
  if (held.emergency_stop && !spec.emergency_stop) edits.push(set('emergency_stop', true));
  if (!held.active && spec.active) edits.push(set('active', false));
  if (isOff(held)) return held.active ? edits : [...edits, ...percentageEdit(spec, held)];
  if (spec.subject !== subject) {
    edits.push(...percentageEdit(spec, { percentage: 0 }));
    return [...edits, ...listEdits(spec, resolved, { whitelist: [], blacklist: [] })];
  }
  if (spec.subject === 'customer' && goesByCategory(held)) {
    edits.push(...percentageEdit(spec, { percentage: 0 }));
    return [...edits, ...listEdits(spec, resolved, held)];
  }
  return [...edits, ...audienceEdits(spec, resolved, spec.subject === 'customer' ? withoutSize(held) : held)];
}

/** The same exposure without sizes, which no customer has; its size decides nothing. */
function withoutSize(held: ResolvedExposure): ResolvedExposure {
  const { strategy } = held;
  const same = {
    strategy: strategy === 'repository_size' ? 'percentage' : strategy,
    categories: null,
  } as const;
  return asResolved({ ...held, ...same });
}

/** Edits of everything besides `active` and `emergency_stop`. */
function audienceEdits(spec: Spec, resolved: Resolved, held: ResolvedExposure): Edit[] {
  const edits: Edit[] = [];
  if (held.strategy !== spec.strategy) {
    if (held.strategy === 'whitelist') edits.push({ kind: 'remove', path: ['percentage'] });
    edits.push(set('strategy', held.strategy));
  }
  if (held.strategy !== 'whitelist') edits.push(...percentageEdit(spec, held));
  // The salt decides who is in; where it does not matter, the file keeps its own.
  if (held.salt !== spec.salt && goesBySalt(held)) edits.push(set('salt', held.salt));
  if (held.categories && !same(held.categories, spec.categories)) {
    edits.push(set('categories', [...held.categories]));
  }
  return [...edits, ...narrowingEdits(spec, held), ...listEdits(spec, resolved, held)];
}

/**
 * Returns edits for a held state that cannot be written as it is, such as a filter that SQL made and no file may have:
 * only listed subjects that are held in, or nobody. Each admits less than the one before.
 */
export function strongerEdits(spec: Spec, resolved: Resolved, { exposure: held }: Whom): Edit[][] {
  const listed = [...percentageEdit(spec, { percentage: 0 }), ...listEdits(spec, resolved, held)];
  return [listed, [set('active', false)]];
}

/** Edits of attributes for the held state. A filter that admits nobody whom the held filter excludes is kept. */
function narrowingEdits(spec: Spec, held: ResolvedExposure): Edit[] {
  const survives = narrowsAtMost(narrowingOf({ ...spec, group_by: held.group_by }), held);
  const keys = survives ? (['group_by'] as const) : (['where', 'not', 'group_by'] as const);
  return keys.flatMap((key): Edit[] => {
    const value = held[key];
    if (same(value, spec[key])) return [];
    return value === undefined
      ? [{ kind: 'remove', path: [key] }]
      : [{ kind: 'set', path: [key], value: copied(value) }];
  });
}

function copied(value: Filter | string): EditValue {
  if (typeof value === 'string') return value;
  return Object.fromEntries(Object.entries(value).map(([attribute, values]) => [attribute, [...values]]));
}

function percentageEdit(spec: Spec, held: Pick<ResolvedExposure, 'percentage'>): Edit[] {
  const lower = spec.strategy !== 'whitelist' && held.percentage < spec.percentage;
  return lower ? [set('percentage', held.percentage)] : [];
}

function listEdits(
  spec: Spec,
  resolved: Resolved,
  held: Pick<ResolvedExposure, 'whitelist' | 'blacklist'>,
): Edit[] {
  const listed = new Set(held.whitelist);
  const gone = spec.whitelist.filter((entry) => !listed.has(resolved[entry] ?? ownerFolded(entry)));
  const known = new Set(
    spec.blacklist.flatMap((entry) => [entry, resolved[entry] ?? entry, foldName(entry)]),
  );
  const added = held.blacklist.filter((entry) => !known.has(entry));
  return [
    ...(gone.length > 0 ? [{ kind: 'remove_entries', list: 'whitelist', entries: gone } as const] : []),
    ...(added.length > 0 ? [{ kind: 'add_entries', list: 'blacklist', entries: added } as const] : []),
  ];
}

function set(field: string, value: boolean | number | string | string[]): Edit {
  return { kind: 'set', path: [field], value };
}
