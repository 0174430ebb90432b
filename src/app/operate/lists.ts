import { entryKey } from '../../config/base/entries.ts';
import type { Edit } from '../../config/edit/edit.ts';
import type { ListOutcome } from '../../domain/change/outcome.ts';
import type { ListAction, ListName } from '../../domain/change/requested.ts';
import { looksLikeName } from '../../domain/spec/at-most.ts';
import { isOwnerPattern } from '../../domain/spec/audience/audience.ts';
import { foldName } from '../../domain/spec/resolve.ts';
import { subjectProblem } from '../../domain/spec/subject-id.ts';
import { RolloutError } from '../../errors.ts';
import { quoted } from '../../lib/text.ts';
import type { Store } from '../../store/store.ts';
import { requireFeature } from '../registry/known-feature.ts';
import { type ChangeDependencies, type ChangeOptions, changeFile, notDone, viaOf } from './change-file.ts';
import { editedFeature, raises, textToChange } from './file-text.ts';
import { refuseUnshown } from './preconditions.ts';

export interface ListInput extends ChangeOptions {
  list: ListName;
  action: ListAction;
  feature: string;
  /** Ids or `owner/name`. */
  entries: readonly string[];
}

/** Adds entries to a list in the file, or removes them. */
export async function changeList(deps: ChangeDependencies, input: ListInput): Promise<ListOutcome> {
  const { list, action, feature } = input;
  const entries = cleanEntries(input.entries, `rollout ${list} ${action} ${feature} octocat/hello-world`);
  const edit: Edit = { kind: action === 'add' ? 'add_entries' : 'remove_entries', list, entries };
  const decide = () => [edit];
  const edited = editedFeature(await textToChange(deps.repository, input.via), feature, decide);
  const unmatched = action === 'add' ? await unmatchedIn(deps.store, entries) : [];
  const requested = { code: 'list', list, action, feature, entries } as const;
  const request = {
    command: `${list} ${action} ${feature}`,
    features: [feature],
    requested,
    trailers: [],
    proposal: { operation: list, name: feature },
    via: viaOf(feature, input.via, edited.before, raises(edited)),
    reason: input.reason,
    raises: raises(edited),
    edit: (text: string) => editedFeature(text, feature, decide).text,
  };
  await refuseUnshown(deps, request);
  if (request.raises && !(await input.agree(requested))) return { ...notDone(request), unmatched };
  return { ...(await changeFile(deps, request)), unmatched };
}

export interface ListedEntry {
  entry: string;
  /** The subject that a name was resolved to; null: no subject has the name. */
  id: string | null;
}

/** Returns the live list. Throws `unknown_feature`. */
export async function showList(store: Store, feature: string, list: ListName): Promise<ListedEntry[]> {
  const row = await store.reading(async (read) => {
    await requireFeature(read, feature);
    return (await read.features.actual(feature)).get(feature);
  });
  if (!row) return [];
  if (!row.spec) return row.columns[list].map((entry) => ({ entry, id: entry }));
  const live = new Set(row.columns[list]);
  const written = row.spec[list].map((entry) => {
    return { entry, id: entry in row.resolved ? (row.resolved[entry] ?? null) : entry };
  });
  return written.filter(({ entry, id }) => [id, entry, foldName(entry)].some((one) => one && live.has(one)));
}

/** Returns trimmed entries without duplicates. Throws `usage` if none is left, or if one cannot be a subject's. */
export function cleanEntries(entries: readonly string[], example: string): string[] {
  const byKey = new Map(entries.map((entry) => [entryKey(entry.trim()), entry.trim()]));
  byKey.delete('');
  for (const entry of byKey.values()) refuseBadSubject(entry, 'entry');
  if (byKey.size > 0) return [...byKey.values()];
  throw new RolloutError('usage', 'name them: ids or owner/name', { hint: `for example: ${example}` });
}

/** Throws `usage` for a text that cannot be an id or a name: what the file would refuse is not looked up either. */
export function refuseBadSubject(text: string, what: string): void {
  const problem = subjectProblem(text);
  if (problem === null) return;
  throw new RolloutError('usage', `the ${what} is ${quoted(text)}; it ${problem}`, {
    hint: 'name an id or owner/name, such as octocat/hello-world',
  });
}

/** Returns the entries that are names or owners without any repository. */
export async function unmatchedIn(store: Store, entries: readonly string[]): Promise<string[]> {
  const names = entries.filter(looksLikeName);
  const owners = names.filter(isOwnerPattern).map(foldName);
  return store.reading(async (read) => {
    const known = await read.registry.ownersOf(names);
    const asked = { attributes: [], values: new Map<string, string[]>(), owners };
    const unknown = new Set((await read.registry.unknownFacts('repository', asked)).owners);
    return names.filter((name) =>
      isOwnerPattern(name) ? unknown.has(foldName(name)) : !known.has(foldName(name)),
    );
  });
}
