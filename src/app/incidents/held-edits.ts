import type { Edit } from '../../config/edit/edit.ts';
import type { EditValue } from '../../config/edit/value.ts';
import { goesByCategory, isOff, type Whom } from '../../domain/spec/at-most.ts';
import { type Filter, narrowingOf, narrowsAtMost } from '../../domain/spec/audience/audience.ts';
import { same } from '../../domain/spec/difference.ts';
import { foldName, ownerFolded, type Resolved } from '../../domain/spec/resolve.ts';
import type { ResolvedExposure, Spec } from '../../domain/spec/spec.ts';

/**
 * The edits that make a feature's part of the file admit no more than the held state.
 *
 * Off is `active: false`, and `percentage: 0` where the strategy has one; a stop is `emergency_stop: true`; what
 * else a person has written of such a feature survives. Of others, the fields that differ. Customers have no size: a
 * held state that goes by size admits none of them beside its whitelist, which the file says by `percentage: 0`. Where
 * the file has come to be about subjects of another kind, nobody of these was ever in: `percentage: 0` and no whitelist.
 * `resolved` maps names of the file's lists to the ids that the held lists have.
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
  if (held.strategy !== spec.strategy) {
    if (held.strategy === 'whitelist') edits.push({ kind: 'remove', path: ['percentage'] });
    edits.push(set('strategy', held.strategy));
  }
  if (held.strategy !== 'whitelist') edits.push(...percentageEdit(spec, held));
  if (held.categories && !same(held.categories, spec.categories)) {
    edits.push(set('categories', [...held.categories]));
  }
  return [...edits, ...narrowingEdits(spec, held), ...listEdits(spec, resolved, held)];
}

/** What the held state asks of attributes. A filter that lets nobody through whom the held one keeps out survives. */
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
