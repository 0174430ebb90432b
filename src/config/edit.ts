import type { ParsedNode } from 'yaml';
import { RolloutError } from '../errors.ts';
import { readYaml } from './document.ts';
import { changeList, removePath, writeValue } from './edit-apply.ts';
import {
  type Edit,
  indexesOf,
  isSame,
  isTextList,
  type ListEdit,
  listDifference,
  missingEntries,
  plain,
  setIn,
  valueIn,
} from './edit-data.ts';
import { nearest } from './nearest.ts';
import { featureOf, keyText } from './problems.ts';
import { applySplices, type ParsedPair, pairOf, type Splice } from './splice.ts';
import { readText } from './text.ts';
import { isPlainMap, type Plain, toData } from './tree.ts';

export type { Edit, ListEdit } from './edit-data.ts';
export type { EditValue } from './edit-value.ts';

// Enough to find a misspelt key by.
const FEATURES_SHOWN = 20;

/** Text that was read, with its data: what an edit starts from and is proven by. */
interface Opened {
  text: string;
  root: ParsedNode;
  data: Plain;
  /** Mistakes in the way other features are written: left alone, and not to become more. */
  mistakes: number;
}

/** A change as it was made: the splices, and the data they must lead to. */
interface Change {
  splices: Splice[];
  intended: Plain;
}

/**
 * The text with a feature changed, byte for byte the same but for the values meant: comments, order, quoting,
 * alignment and line ends stay. A value that is already as wanted changes nothing.
 *
 * Values in `defaults` are never touched: the feature gets a key of its own. Whether the new value is allowed
 * is `parseConfig`'s business.
 *
 * Throws `unknown_feature`, and `edit_refused` where the file is not sound or an edit cannot be proven by
 * reading its result again.
 */
export function editFeature(text: string, feature: string, edits: readonly Edit[]): string {
  const opened = open(text, feature);
  requireFeature(opened.data, feature);
  return edits.reduce((state, edit) => step(state, feature, featureChange(state, feature, edit)), opened)
    .text;
}

/** The text with the top-level `test_repositories` changed, under the same promises as `editFeature`. */
export function editTestRepositories(text: string, edits: readonly ListEdit<'test_repositories'>[]): string {
  const opened = open(text, null);
  return edits.reduce((state, edit) => step(state, null, listChange(state, [], edit)), opened).text;
}

function featureChange(state: Opened, feature: string, edit: Edit): Change {
  const base = ['features', feature];
  switch (edit.kind) {
    case 'set':
      return setChange(state, [...base, ...edit.path], edit.value);
    case 'remove':
      return removeChange(state, [...base, ...edit.path]);
    default:
      return listChange(state, base, edit);
  }
}

function setChange(state: Opened, path: readonly string[], value: Parameters<typeof plain>[0]): Change {
  const { text, root, data } = state;
  const old = valueIn(data, path);
  if (isSame(old, plain(value))) return { splices: [], intended: data };
  if (isTextList(old) && isTextList(value)) return listDiffers(state, path, old, listDifference(old, value));
  return { splices: writeValue(text, root, path, value), intended: setIn(data, path, plain(value)) };
}

function removeChange({ text, root, data }: Opened, path: readonly string[]): Change {
  if (valueIn(data, path) === undefined) return { splices: [], intended: data };
  const [top = '', ...rest] = path;
  const parent = pairOf(root, top) as ParsedPair;
  return { splices: removePath(text, parent, rest), intended: setIn(data, path, undefined) };
}

function listChange(state: Opened, base: readonly string[], edit: ListEdit<string>): Change {
  const path = [...base, edit.list];
  const old = valueIn(state.data, path) ?? [];
  if (!Array.isArray(old)) throw refused(`${edit.list} is no list`);
  if (edit.kind === 'remove_entries') {
    return listDiffers(state, path, old, { out: indexesOf(old, edit.entries), added: [] });
  }
  const added = missingEntries(old, edit.entries);
  if (old.length === 0 && added.length > 0) return setChange(state, path, added);
  return listDiffers(state, path, old, { out: new Set(), added });
}

function listDiffers(
  { text, root, data }: Opened,
  path: readonly string[],
  old: readonly Plain[],
  { out, added }: { out: ReadonlySet<number>; added: readonly string[] },
): Change {
  if (out.size === 0 && added.length === 0) return { splices: [], intended: data };
  const intended = setIn(data, path, [...old.filter((_, i) => !out.has(i)), ...added]);
  return { splices: changeList(text, pairAt(root, path), out, added), intended };
}

/** Makes a change and proves it: read again, the new text must say what was intended and nothing else. */
function step(state: Opened, feature: string | null, { splices, intended }: Change): Opened {
  if (splices.length === 0 && isSame(state.data, intended)) return state;
  const next = open(applySplices(state.text, splices), feature);
  if (next.mistakes !== state.mistakes || !isSame(next.data, intended)) {
    throw refused('the edited text would not say what was meant');
  }
  return next;
}

function open(text: string, feature: string | null): Opened {
  const read = readText(text);
  if (!read.ok) throw refused(read.message);
  const yaml = readYaml(text);
  const error = yaml.errors[0];
  if (error) throw refused(`line ${yaml.place(error.offset).line}: ${error.message}`);
  if (yaml.root === null) throw refused('the file is empty');
  const { data, findings } = toData(yaml.root);
  const own = findings.find(({ path, wholeFile }) => wholeFile || [null, feature].includes(featureOf(path)));
  if (own) throw refused(`line ${yaml.place(Number(own.at)).line}: ${own.message}`);
  return { text, root: yaml.root, data, mistakes: findings.length };
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

function refused(message: string): RolloutError {
  return new RolloutError('edit_refused', `the file was left as it is: ${message}`, {
    hint: 'edit it by hand',
  });
}
