import { isOwnerPattern } from '../../domain/spec/audience/audience.ts';
import { foldName } from '../../domain/spec/resolve.ts';
import { quoted } from '../../lib/text.ts';
import { error, type FeatureView, warning } from '../base/finding.ts';
import type { Finding, Path } from '../base/problems.ts';
import { repeated } from './lists.ts';

const NARROWING = ['where', 'not', 'group_by'] as const;

/**
 * Checks `where`, `not`, `group_by` and owners in lists for settings without effect, and for conditions that nobody
 * meets.
 */
export function* audienceRules(view: FeatureView): Generator<Finding> {
  yield* idle(view);
  yield* valuesTwice(view);
  yield* nobody(view);
  yield* ownersInList(view, 'whitelist');
  yield* ownersInList(view, 'blacklist');
  yield* ownedTwice(view);
}

function* idle({ path, written, spec }: FeatureView): Generator<Finding> {
  if (spec.strategy === 'percentage') return;
  for (const key of NARROWING) {
    if (written[key] === undefined || (key !== 'group_by' && spec.strategy === 'repository_size')) continue;
    const others = key === 'group_by' ? 'percentage' : 'percentage and repository_size';
    // Sizes share no bucket, but a subject without a group is still out.
    const effect =
      spec.strategy === 'repository_size'
        ? `only keeps out who lacks ${quoted(spec.group_by ?? '', 60)}`
        : 'has no effect';
    const message = `${key} ${effect} with strategy ${spec.strategy}; it is for strategy ${others}`;
    yield warning([...path, key], message);
  }
}

function* valuesTwice({ path, written }: FeatureView): Generator<Finding> {
  for (const key of ['where', 'not'] as const) {
    for (const [attribute, values] of Object.entries(written[key] ?? {})) {
      yield* repeated([...path, key, attribute], attribute, values);
    }
  }
}

/** The same attribute with the same values in `where` and `not` excludes every subject. */
function* nobody({ path, spec }: FeatureView): Generator<Finding> {
  for (const [attribute, values] of Object.entries(spec.where ?? {})) {
    const { not = {} } = spec;
    const excluded = Object.hasOwn(not, attribute) ? (not[attribute] ?? []) : [];
    if (!values.every((value) => excluded.includes(value))) continue;
    const message = `not excludes every ${attribute} that where names, so that nobody but the whitelist can be in`;
    yield error([...path, 'not', attribute], `${message}; keep each value in one of them`);
  }
}

function* ownersInList(
  { path, written, spec }: FeatureView,
  list: 'whitelist' | 'blacklist',
): Generator<Finding> {
  for (const [i, entry] of (written[list] ?? []).entries()) {
    if (!/^[\w.*-]+\/[\w.-]*\*/.test(entry)) continue;
    const found = `${list}[${i}] is ${quoted(entry)}`;
    if (spec.subject === 'customer' && isOwnerPattern(entry)) {
      yield error([...path, list, i], `${found}, but customers have no owner; name their ids, or use where`);
    } else if (spec.subject === 'repository' && !isOwnerPattern(entry)) {
      yield warning(
        [...path, list, i],
        `${found}, which is nobody but that; only owner/* stands for several`,
      );
    }
  }
}

/** Reports whitelisted repositories of a blacklisted owner: the blacklist is stronger, so they are not in. */
function* ownedTwice({ path, written, spec }: FeatureView): Generator<Finding> {
  if (spec.subject !== 'repository') return;
  const owners = new Set((written.blacklist ?? []).filter(isOwnerPattern).map(foldName));
  if (owners.size === 0) return;
  for (const [i, entry] of (written.whitelist ?? []).entries()) {
    const owner = `${foldName(entry.slice(0, entry.indexOf('/')))}/*`;
    if (isOwnerPattern(entry) || !entry.includes('/') || !owners.has(owner)) continue;
    const at: Path = [...path, 'whitelist', i];
    yield error(at, `whitelist[${i}] is ${quoted(entry)}, and the blacklist has ${owner}; keep one of them`);
  }
}

/** Reports owners in test_repositories: sizes are assigned to single repositories. */
export function* ownersAsTests(entries: readonly string[]): Generator<Finding> {
  for (const [i, entry] of entries.entries()) {
    if (!isOwnerPattern(entry)) continue;
    const found = `test_repositories[${i}] is ${quoted(entry)}`;
    yield error(['test_repositories', i], `${found}; name each repository by its id or owner/name`);
  }
}
