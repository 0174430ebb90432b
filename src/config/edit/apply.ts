import { isMap, isScalar, isSeq, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';
import { RolloutError } from '../../errors.ts';
import { afterColon, insertEntries, insertKey, removeEntries, removeKey, replaceBlock } from './block.ts';
import { insertIntoFlow, removeFromFlow } from './flow.ts';
import { contentEnd, type ParsedPair, pairOf, type Splice } from './splice.ts';
import { type EditValue, render, renderInPlaceOf, renderPair } from './value.ts';

/** Writes a value at a path, and creates missing maps around it. */
export function writeValue(
  text: string,
  root: ParsedNode,
  path: readonly string[],
  value: EditValue,
): Splice[] {
  const [key = '', ...rest] = path;
  const pair = pairOf(root, key);
  if (!isMap(root)) throw notAMap(key);
  if (!pair) return addPair(text, root as YAMLMap.Parsed, key, nest(rest, value));
  if (rest.length > 0 && !isEmpty(pair)) return writeValue(text, pair.value as ParsedNode, rest, value);
  return replaceValue(text, pair, nest(rest, value));
}

/** Removes the key at a path; does nothing if it is absent. */
export function removePath(text: string, parent: ParsedPair, path: readonly string[]): Splice[] {
  const [key = '', ...rest] = path;
  const map = parent.value;
  const pair = pairOf(map, key);
  if (!pair || !isMap(map)) return [];
  if (rest.length > 0) return removePath(text, pair, rest);
  if (!map.flow) return removeKey(text, map as YAMLMap.Parsed, pair, parent);
  return removeFromFlow(text, map as YAMLMap.Parsed, new Set([map.items.indexOf(pair)]));
}

/** Removes entries from the list at a pair. */
export function removeFromList(text: string, pair: ParsedPair, out: ReadonlySet<number>): Splice[] {
  const list = pair.value as YAMLSeq.Parsed;
  return list.flow ? removeFromFlow(text, list, out) : removeEntries(text, list, out, pair);
}

/** Appends entries to the list at a pair. */
export function addToList(text: string, pair: ParsedPair, added: readonly string[]): Splice[] {
  const list = pair.value as YAMLSeq.Parsed;
  return list.flow ? insertIntoFlow(text, list, added.map(render)) : insertEntries(text, list, added);
}

function addPair(text: string, map: YAMLMap.Parsed, key: string, value: EditValue): Splice[] {
  return map.flow ? insertIntoFlow(text, map, [renderPair(key, value)]) : insertKey(text, map, key, value);
}

function replaceValue(text: string, pair: ParsedPair, value: EditValue): Splice[] {
  const old = pair.value;
  if (old === null || isEmpty(pair, '')) return [afterColon(text, pair, render(value))];
  if ((isMap(old) || isSeq(old)) && !old.flow) return replaceBlock(text, pair, render(value));
  const rendered = isScalar(old) ? renderInPlaceOf(old, value) : render(value);
  return [{ start: old.range[0], end: contentEnd(text, old), text: rendered }];
}

/** Has the pair no value, or null in any notation? With `source`, only in that notation. */
function isEmpty(pair: ParsedPair, source?: string): boolean {
  const { value } = pair;
  if (value === null) return true;
  if (!isScalar(value) || value.value !== null) return false;
  return source === undefined || value.source === source;
}

function nest(path: readonly string[], value: EditValue): EditValue {
  return path.reduceRight<EditValue>((inner, key) => ({ [key]: inner }), value);
}

function notAMap(key: string): RolloutError {
  return new RolloutError('edit_refused', `${key} cannot be written: what should hold it is not a map`, {
    hint: 'edit the file by hand',
  });
}
