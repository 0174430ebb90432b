import { isPlainMap, type PlainMap } from '../base/tree.ts';
import { writeValue } from './apply.ts';
import { type Edit, isSame, plain, setIn, valueIn } from './data.ts';
import { inFile, ownerOf } from './owner.ts';
import { open, prove, refused } from './proof.ts';
import type { Splice } from './splice.ts';

/** One value of a feature. */
export type Setting = Extract<Edit, { kind: 'set' }>;

/**
 * Can these edits be combined with those of other features? Lists cannot: their entries are changed one after the
 * other.
 */
export function areSettings(edits: readonly Edit[]): edits is readonly Setting[] {
  return edits.every((edit) => edit.kind === 'set' && !Array.isArray(edit.value));
}

/**
 * Returns the text with many features changed, with the same guarantees as `editFeature`. It is parsed once per edit of
 * a feature, not once per feature: one by one, a thousand features took minutes.
 */
export function setTogether(text: string, wanted: ReadonlyMap<string, readonly Setting[]>): string {
  const byFile = new Map<string | null, Map<string, readonly Setting[]>>();
  for (const [feature, edits] of wanted) {
    const owner = ownerOf(text, feature);
    byFile.set(owner, (byFile.get(owner) ?? new Map()).set(feature, edits));
  }
  return [...byFile].reduce(
    (state, [owner, own]) => inFile(state, owner, (file) => setInOne(file, own)),
    text,
  );
}

function setInOne(text: string, wanted: ReadonlyMap<string, readonly Setting[]>): string {
  const rounds = Math.max(0, ...[...wanted.values()].map((edits) => edits.length));
  let state = open(text, null);
  for (let round = 0; round < rounds; round++) {
    const before = valueIn(state.data, ['features']);
    if (!isPlainMap(before)) throw refused('it has no features');
    const after: PlainMap = Object.assign(Object.create(null), before);
    const splices: Splice[] = [];
    for (const [feature, edits] of wanted) {
      const edit = edits[round];
      if (!edit || isSame(valueIn(before, [feature, ...edit.path]), plain(edit.value))) continue;
      splices.push(...writeValue(state.text, state.root, ['features', feature, ...edit.path], edit.value));
      after[feature] = setIn(after[feature] ?? null, edit.path, plain(edit.value));
    }
    state = prove(state, splices, setIn(state.data, ['features'], after));
  }
  return state.text;
}
