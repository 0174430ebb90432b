import { isDeepStrictEqual } from 'node:util';
import { EXPOSURE_FIELDS, type Spec } from '../../../src/domain/spec/spec.ts';
import type { Feature } from '../facts.ts';
import { few, type Seen } from '../seen.ts';
import { settles } from './exposure.ts';

/**
 * 10. What the database keeps as last reconciled is what the last reconcile of a commit made of it: exposure does not
 * show a spec, a digest, an owner of a name or a revision that SQL edited, and the next decision trusts them.
 */
export function baseline(seen: Seen): string[] {
  const { effect, before, after, features } = seen;
  if (effect.byHand) return [];
  if (effect.applied === 'yes') return [...reconciled(seen), ...heldForNothing(seen)];
  if (effect.applied === 'perhaps' || effect.failed) return [];
  return features
    .filter((one) => !isDeepStrictEqual(before.features.get(one)?.spec, after.features.get(one)?.spec))
    .map((one) => `the spec of ${one} changed, although nothing was reconciled`);
}

function reconciled(seen: Seen): string[] {
  const { effect, after, config, features } = seen;
  const found: string[] = [];
  for (const feature of features) {
    const row = after.features.get(feature);
    const spec = config?.features.get(feature);
    if (!row || !spec || !settles(seen, feature)) continue;
    const held = after.incidents.some((one) => one.feature === feature && one.state === 'open');
    const written = effect.written?.includes(feature) ?? false;
    const kept = [...(held ? [...EXPOSURE_FIELDS, 'subject'] : []), ...(written ? ['percentage'] : [])];
    const wrong = differing(row.spec ?? {}, JSON.parse(JSON.stringify(spec)), kept);
    if (wrong.length > 0)
      found.push(`after a reconcile ${few(wrong)} of ${feature} is not what the file says`);
    found.push(...marks(seen, feature, row, spec));
  }
  return found;
}

/** What a person took away in the database stays away, as an incident; where nobody took anything, there is none. */
function heldForNothing({ world, before, after }: Seen): string[] {
  const known = new Set(before.incidents.map(({ id }) => id));
  return after.incidents
    .filter(({ id, kind, feature }) => kind === 'drift' && !known.has(id) && !world.model.moved.has(feature))
    .map(({ feature }) => `${feature} is held as reduced by hand, and nobody edited its columns`);
}

/**
 * Fields that differ, without those that are kept: of exposure and kind while a hold is in force, the percentage where
 * the file has the next step already.
 */
function differing(
  is: Record<string, unknown>,
  should: Record<string, unknown>,
  kept: readonly string[],
): string[] {
  return [...new Set([...Object.keys(is), ...Object.keys(should)])].filter(
    (key) => !kept.includes(key) && !isDeepStrictEqual(is[key], should[key]),
  );
}

/** What the controller alone writes beside the spec. */
function marks({ world, branch }: Seen, feature: string, row: Feature, spec: Spec): string[] {
  const { owners, revisions, digests } = world.model;
  const found: string[] = [];
  const kept = (list: string) => (row.spec?.[list] ?? []) as string[];
  const names = [...spec.whitelist, ...spec.blacklist, ...kept('whitelist'), ...kept('blacklist')];
  for (const [name, id] of Object.entries(row.resolved)) {
    if (!names.some((one) => one.toLowerCase() === name.toLowerCase()))
      found.push(`${feature} knows an owner of ${name}, which its list does not name`);
    // Null: nobody has the name, and so far nobody is meant.
    if (id !== null && !owners.get(name.toLowerCase())?.has(id))
      found.push(`${feature} takes ${id} for ${name}, which never had this name`);
  }
  if (row.revision !== null && !revisions.has(row.revision) && !branch.has(row.revision))
    found.push(`${feature} was changed by ${row.revision}, which was never applied`);
  const known = digests.get(JSON.stringify(row.spec));
  if (known !== undefined && known !== row.specDigest)
    found.push(`the digest of the spec of ${feature} is ${row.specDigest}, and was ${known}`);
  return found;
}

/** Keeps what a reconcile left, for the next look. */
export function rememberBaseline({ world, effect, before, after, branch }: Seen): void {
  const { revisions, digests, moved } = world.model;
  if (effect.byHand === 'sql') {
    for (const [feature, { columns }] of after.features)
      if (!isDeepStrictEqual(before.features.get(feature)?.columns, columns)) moved.add(feature);
  }
  for (const commit of branch) revisions.add(commit);
  if (effect.applied !== 'yes') return;
  moved.clear();
  for (const { spec, specDigest } of after.features.values()) {
    const key = JSON.stringify(spec);
    if (specDigest !== null && !digests.has(key)) digests.set(key, specDigest);
  }
}
