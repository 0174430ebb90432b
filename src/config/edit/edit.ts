import type { ParsedNode } from 'yaml';
import { partsOfText, withPart } from '../../domain/change/bundle.ts';
import { without } from '../../domain/spec/difference.ts';
import { RolloutError } from '../../errors.ts';
import { nearest } from '../base/nearest.ts';
import { keyText } from '../base/problems.ts';
import { isPlainMap, type Plain } from '../base/tree.ts';
import { addToList, removeFromList, removePath, writeValue } from './apply.ts';
import {
  type Edit,
  indexesOf,
  indexesToDrop,
  isSame,
  isTextList,
  type ListEdit,
  missingEntries,
  plain,
  setIn,
  valueIn,
} from './data.ts';
import { inFile, ownerOf } from './owner.ts';
import { type Opened, open, prove, refused } from './proof.ts';
import { type ParsedPair, pairOf } from './splice.ts';
import type { EditValue } from './value.ts';

export type { Edit, ListEdit } from './data.ts';

// Number of listed features, enough to find a misspelled key.
const FEATURES_SHOWN = 20;

/**
 * Returns the text with a feature changed. All else stays byte for byte: comments, order, quoting, alignment and line
 * ends. A value that is already as wanted changes nothing.
 *
 * `resumes` and `skip_steps` are removed by any change of the feature that does not write them, because they belong to
 * one edit.
 *
 * Values in `defaults` are never changed: the feature gets its own key. `parseConfig` checks whether the new value is
 * allowed.
 *
 * Throws `unknown_feature`, and `edit_refused` if the file is not sound or reading the result does not confirm the
 * edit.
 */
export function editFeature(text: string, feature: string, edits: readonly Edit[]): string {
  return inFile(text, ownerOf(text, feature), (own) => editOwn(own, feature, edits));
}

function editOwn(text: string, feature: string, edits: readonly Edit[]): string {
  const opened = open(text, feature);
  requireFeature(opened.data, feature);
  const edited = edits.reduce((state, edit) => editOne(state, ['features', feature], edit), opened);
  // Keys that belong to one change are not kept by a later one, which may raise further.
  if (edited.text === text) return text;
  const stale = OF_ONE_CHANGE.filter((key) => !edits.some((edit) => writes(edit, key)));
  return stale.reduce((state, key) => removeKey(state, ['features', feature, key]), edited).text;
}

/** Keys that belong to one change: the incident that it resumes, and the permission to skip steps. */
const OF_ONE_CHANGE = ['resumes', 'skip_steps'];

function writes(edit: Edit, key: string): boolean {
  return edit.kind === 'set' && edit.path[0] === key;
}

/**
 * Returns the text with a new feature after the others, with the same guarantees as `editFeature`. Throws `usage` if a
 * feature with this name exists.
 */
export function addFeature(
  text: string,
  feature: string,
  fields: Readonly<Record<string, EditValue>>,
): string {
  const path = ['features', feature];
  const { main } = partsOfText(text);
  const opened = open(main, feature);
  if (ownerOf(text, feature) === null && valueIn(opened.data, path) === undefined) {
    return withPart(text, null, setValue(opened, path, fields).text);
  }
  throw new RolloutError('usage', `there is a feature ${keyText(feature)} in the file already`, {
    hint: 'choose another name, or change the one that is there',
  });
}

/** Returns the text with the top-level `test_repositories` changed, with the same guarantees as `editFeature`. */
export function editTestRepositories(text: string, edits: readonly ListEdit<'test_repositories'>[]): string {
  return inFile(text, null, (main) => {
    return edits.reduce((state, edit) => editList(state, [], edit), open(main, null)).text;
  });
}

/** Returns the text with another pattern in `include` of the main file, with the same guarantees as `editFeature`. */
export function addInclude(text: string, pattern: string): string {
  return inFile(text, null, (main) => {
    const opened = open(main, null);
    const old = valueIn(opened.data, ['include']);
    if (!Array.isArray(old)) return setValue(opened, ['include'], [pattern]).text;
    return addEntries(opened, ['include'], old, old.includes(pattern) ? [] : [pattern]).text;
  });
}

function editOne(state: Opened, base: readonly string[], edit: Edit): Opened {
  switch (edit.kind) {
    case 'set':
      return setValue(state, [...base, ...edit.path], edit.value);
    case 'remove':
      return removeKey(state, [...base, ...edit.path]);
    default:
      return editList(state, base, edit);
  }
}

function setValue(state: Opened, path: readonly string[], value: EditValue): Opened {
  const { text, root, data } = state;
  const old = valueIn(data, path);
  if (isSame(old, plain(value))) return state;
  if (isTextList(old) && isTextList(value)) return setList(state, path, old, value);
  return prove(state, writeValue(text, root, path, value), setIn(data, path, plain(value)));
}

/** Adds new entries before it removes old ones, so that the list keeps its form and its comments. */
function setList(
  state: Opened,
  path: readonly string[],
  old: readonly string[],
  value: readonly string[],
): Opened {
  const added = without([...new Set(value)], old);
  return dropEntries(addEntries(state, path, old, added), path, (list) => indexesToDrop(list, value));
}

function removeKey(state: Opened, path: readonly string[]): Opened {
  const [top = '', ...rest] = path;
  const parent = pairOf(state.root, top);
  if (!parent || valueIn(state.data, path) === undefined) return state;
  return prove(state, removePath(state.text, parent, rest), setIn(state.data, path, undefined));
}

function editList(state: Opened, base: readonly string[], edit: ListEdit<string>): Opened {
  const path = [...base, edit.list];
  const old = valueIn(state.data, path) ?? [];
  if (!Array.isArray(old)) throw refused(`${edit.list} is not a list`);
  if (edit.kind === 'remove_entries')
    return dropEntries(state, path, (list) => indexesOf(list, edit.entries));
  const added = missingEntries(old, edit.entries);
  return old.length > 0 || added.length === 0
    ? addEntries(state, path, old, added)
    : setValue(state, path, added);
}

function addEntries(
  state: Opened,
  path: readonly string[],
  old: readonly Plain[],
  added: readonly string[],
): Opened {
  if (added.length === 0) return state;
  const splices = addToList(state.text, pairAt(state.root, path), added);
  return prove(state, splices, setIn(state.data, path, [...old, ...added]));
}

function dropEntries(
  state: Opened,
  path: readonly string[],
  which: (list: readonly Plain[]) => Set<number>,
): Opened {
  const list = valueIn(state.data, path);
  const out = Array.isArray(list) ? which(list) : new Set<number>();
  if (!Array.isArray(list) || out.size === 0) return state;
  const splices = removeFromList(state.text, pairAt(state.root, path), out);
  return prove(
    state,
    splices,
    setIn(
      state.data,
      path,
      list.filter((_, i) => !out.has(i)),
    ),
  );
}

function requireFeature(data: Plain, feature: string): void {
  const features = isPlainMap(data) ? data.features : undefined;
  const keys = isPlainMap(features) ? Object.keys(features) : [];
  if (keys.includes(feature)) return;
  const meant = nearest(feature, keys);
  const shown =
    keys.slice(0, FEATURES_SHOWN).map(keyText).join(', ') + (keys.length > FEATURES_SHOWN ? ', …' : '');
  const there = keys.length === 0 ? 'the file has no features' : `features in the file: ${shown}`;
  throw new RolloutError('unknown_feature', `there is no feature ${keyText(feature)} in the file`, {
    hint: meant === null ? there : `did you mean ${meant}? ${there}`,
  });
}

function pairAt(root: ParsedNode, path: readonly string[]): ParsedPair {
  let node: unknown = root;
  let pair: ParsedPair | undefined;
  for (const key of path) {
    pair = pairOf(node, key);
    node = pair?.value;
  }
  if (!pair) throw refused(`${path.at(-1)} is not in the file`);
  return pair;
}
