import type { YAMLMap, YAMLSeq } from 'yaml';
import {
  contentEnd,
  cut,
  insertAt,
  lineBreak,
  lineEnd,
  lineStart,
  nextLine,
  type ParsedPair,
  type Splice,
  startOf,
} from './splice.ts';

type FlowCollection = YAMLMap.Parsed | YAMLSeq.Parsed;

interface Span {
  start: number;
  end: number;
}

/** Inserts rendered items at the end of `[...]` or `{...}`. */
export function insertIntoFlow(text: string, flow: FlowCollection, items: readonly string[]): Splice[] {
  const last = spans(text, flow).at(-1);
  if (!last) return insertIntoEmpty(text, flow, items);
  const comma = commaAfter(text, last.end);
  const after = comma === null ? last.end : comma + 1;
  if (isAlone(text, last, after)) {
    const indent = text.slice(lineStart(text, last.start), last.start);
    const lines = items.map((item, i) => {
      const separator = comma !== null || i < items.length - 1 ? ',' : '';
      return `${lineBreak(text, after)}${indent}${item}${separator}`;
    });
    const line = insertAt(lineEnd(text, after), lines.join(''));
    return comma === null ? [insertAt(last.end, ','), line] : [line];
  }
  const added = items.map((item) => (comma === null ? `, ${item}` : ` ${item},`));
  return [insertAt(after, added.join(''))];
}

/** Removes items from `[...]` or `{...}`, each with its comma; an item alone on its line is removed with the line. */
export function removeFromFlow(text: string, flow: FlowCollection, indexes: ReadonlySet<number>): Splice[] {
  const all = spans(text, flow);
  const kept = all.findLastIndex((_, i) => !indexes.has(i));
  const inner = text.slice(flow.range[0] + 1, flow.range[1] - 1);
  if (kept < 0 && !/[#\n]/.test(inner)) return [cut(flow.range[0] + 1, flow.range[1] - 1)];
  return [...removeBefore(text, all, indexes, kept), ...removeTail(text, all, kept)];
}

/** Removes items that a kept one follows. */
function removeBefore(
  text: string,
  all: readonly Span[],
  indexes: ReadonlySet<number>,
  kept: number,
): Splice[] {
  return all.slice(0, Math.max(0, kept)).flatMap((span, i) => {
    const next = all[i + 1];
    if (!indexes.has(i) || !next) return [];
    return isPlainGap(text, span, next) ? [cut(span.start, next.start)] : removeAlone(text, span);
  });
}

/** Removes items after the last kept one. */
function removeTail(text: string, all: readonly Span[], kept: number): Splice[] {
  const tail = all.slice(kept + 1);
  const first = all[kept];
  const last = tail.at(-1);
  const oneLine = tail.every((span, i) => {
    const before = all[kept + i];
    return before !== undefined && isPlainGap(text, before, span);
  });
  if (first && last && oneLine) return [cut(first.end, last.end)];
  return tail.flatMap((span) => removeAlone(text, span));
}

/** Removes an item between kept ones: the whole line if it has one to itself, otherwise the item and its comma. */
function removeAlone(text: string, span: Span): Splice[] {
  const comma = commaAfter(text, span.end);
  const after = comma === null ? span.end : comma + 1;
  if (isAlone(text, span, after)) return [cut(lineStart(text, span.start), nextLine(text, after))];
  const item = cut(span.start, span.end);
  return comma === null ? [item] : [item, cut(comma, comma + 1)];
}

function insertIntoEmpty(text: string, flow: FlowCollection, items: readonly string[]): Splice[] {
  const open = flow.range[0] + 1;
  const close = flow.range[1] - 1;
  const joined = items.join(', ');
  const isMap = text[flow.range[0]] === '{';
  if (text.slice(open, close).trim() !== '') return [insertAt(open, isMap ? ` ${joined}` : joined)];
  return [{ start: open, end: close, text: isMap ? ` ${joined} ` : joined }];
}

function spans(text: string, flow: FlowCollection): Span[] {
  return flow.items.map((item) => {
    const node = item as ParsedPair;
    return { start: startOf(node), end: contentEnd(text, node) };
  });
}

/** Is the item alone on its line, except for blanks and a comment after its comma? */
function isAlone(text: string, span: Span, after: number): boolean {
  const before = text.slice(lineStart(text, span.start), span.start);
  return before.trim() === '' && /^[ \t]*(#.*)?\r?\n/.test(text.slice(after, nextLine(text, after)));
}

function isPlainGap(text: string, span: Span, next: Span): boolean {
  return /^[ \t]*,[ \t]*$/.test(text.slice(span.end, next.start));
}

/** Returns the offset of the comma after an item, past blanks, line ends and comments. */
function commaAfter(text: string, end: number): number | null {
  const rest = /(?:\s|#.*)*/y;
  rest.lastIndex = end;
  rest.exec(text);
  const offset = Math.max(end, rest.lastIndex);
  return text[offset] === ',' ? offset : null;
}
