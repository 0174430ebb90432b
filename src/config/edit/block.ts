import { isMap, type YAMLMap, type YAMLSeq } from 'yaml';
import { RolloutError } from '../../errors.ts';
import {
  colonEnd,
  contentEnd,
  cut,
  insertAt,
  isBlockScalar,
  lineBreak,
  lineEnd,
  lineStart,
  nextLine,
  type ParsedPair,
  type Splice,
  startOf,
} from './splice.ts';
import { type EditValue, render, renderPair } from './value.ts';

/** Inserts a key after the last one of a block map, in the same column. */
export function insertKey(text: string, map: YAMLMap.Parsed, key: string, value: EditValue): Splice[] {
  const [first, last] = [map.items[0], map.items.at(-1)];
  if (!first || !last) throw refusedAt(text, map.range[0]);
  const line = `${blanksBefore(text, startOf(first))}${renderPair(key, value)}`;
  const end = contentEnd(text, last);
  // A line end at the end of the file would become part of a block text that lacks one, so insert before it.
  if (isBlockScalar(last.value) && nextLine(text, end) === text.length && !text.endsWith('\n')) {
    const start = lineStart(text, startOf(last));
    return [insertAt(start, line + lineBreak(text, start))];
  }
  return [insertLines(text, afterBlankLines(last, end), [line])];
}

/** Removes a key and its value from a block map; a map without keys becomes `{}`. */
export function removeKey(text: string, map: YAMLMap.Parsed, pair: ParsedPair, parent: ParsedPair): Splice[] {
  blanksBefore(text, startOf(pair));
  const lines = cutLines(text, startOf(pair), contentEnd(text, pair));
  return map.items.length > 1 ? [lines] : [afterColon(text, parent, '{}'), lines];
}

/** Inserts entries after the last one of a block list, with the same dash and blanks. */
export function insertEntries(text: string, list: YAMLSeq.Parsed, entries: readonly string[]): Splice[] {
  const last = list.items.at(-1);
  if (!last) throw refusedAt(text, list.range[0]);
  const dash = dashBefore(text, last.range[0]);
  const end = contentEnd(text, last);
  return [
    insertLines(
      text,
      end,
      entries.map((entry) => dash + render(entry)),
    ),
  ];
}

/** Removes entries from a block list, each with its line; an empty list becomes `[]`. */
export function removeEntries(
  text: string,
  list: YAMLSeq.Parsed,
  indexes: ReadonlySet<number>,
  parent: ParsedPair,
): Splice[] {
  const lines = list.items.flatMap((item, i) => {
    if (!indexes.has(i)) return [];
    dashBefore(text, item.range[0]);
    return [cutLines(text, item.range[0], contentEnd(text, item))];
  });
  return lines.length < list.items.length ? lines : [afterColon(text, parent, '[]'), ...lines];
}

/** Replaces a block map or list by a value on the line of its key; a comment on that line stays. */
export function replaceBlock(text: string, pair: ParsedPair, value: string): Splice[] {
  const inserted = afterColon(text, pair, value);
  const end = pair.value ? contentEnd(text, pair.value) : inserted.start;
  return [inserted, cut(lineEnd(text, inserted.start), lineEnd(text, end))];
}

/** Inserts a value after a colon without one. */
export function afterColon(text: string, pair: ParsedPair, value: string): Splice {
  const offset = colonEnd(text, pair);
  return offset === null ? insertAt(pair.key.range[1], `: ${value}`) : insertAt(offset, ` ${value}`);
}

/** Inserts lines after the line in which content ends. */
function insertLines(text: string, end: number, lines: readonly string[]): Splice {
  const next = nextLine(text, end);
  const eol = lineBreak(text, end);
  const isLast = next === text.length && !text.endsWith('\n');
  return insertAt(next, isLast ? eol + lines.join(eol) : lines.join(eol) + eol);
}

/** Blank lines that a block text keeps (`|+`) are its content, so new lines follow them. */
function afterBlankLines(pair: ParsedPair, end: number): number {
  const value = deepestLast(pair);
  return value !== null && isBlockScalar(value) ? Math.max(end, value.range[1] - 1) : end;
}

function deepestLast(pair: ParsedPair): ParsedPair['value'] {
  const { value } = pair;
  if (!isMap(value) || value.flow) return value;
  const last = value.items.at(-1) as ParsedPair | undefined;
  return last ? deepestLast(last) : value;
}

/**
 * Cuts the lines from the one that contains `start` to the one that contains `end`; the last line of the file is cut
 * with the preceding line end.
 */
function cutLines(text: string, start: number, end: number): Splice {
  const from = lineStart(text, start);
  const to = nextLine(text, end);
  if (to < text.length || text.endsWith('\n') || from === 0) return cut(from, to);
  return cut(lineEnd(text, from - 1 - Number(text[from - 2] === '\r')), to);
}

function blanksBefore(text: string, offset: number): string {
  const prefix = text.slice(lineStart(text, offset), offset);
  if (prefix.trim() !== '') throw refusedAt(text, offset);
  return prefix;
}

function dashBefore(text: string, offset: number): string {
  const prefix = text.slice(lineStart(text, offset), offset);
  if (!/^[ ]*-[ \t]+$/.test(prefix)) throw refusedAt(text, offset);
  return prefix;
}

function refusedAt(text: string, offset: number): RolloutError {
  const line = text.slice(0, offset).split('\n').length;
  return new RolloutError('edit_refused', `line ${line} is written in a way that cannot be edited safely`, {
    hint: 'edit the file by hand',
  });
}
