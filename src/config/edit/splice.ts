import { isCollection, isMap, isPair, isScalar, type Pair, type ParsedNode, Scalar } from 'yaml';

export type ParsedPair = Pair<ParsedNode, ParsedNode | null>;

/** Replaces the text from `start` (inclusive) to `end` (exclusive). */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Applies all splices to a text. They must not overlap; insertions at one place keep their order. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const inOrder = [...splices].sort((a, b) => a.start - b.start);
  return inOrder.reduceRight((result, { start, end, text: replacement }) => {
    return result.slice(0, start) + replacement + result.slice(end);
  }, text);
}

export function insertAt(offset: number, text: string): Splice {
  return { start: offset, end: offset, text };
}

export function cut(start: number, end: number): Splice {
  return { start, end, text: '' };
}

/** Returns the offset of a line's first character; a byte order mark belongs to no line. */
export function lineStart(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return start === 0 && text.startsWith('\ufeff') ? 1 : start;
}

/** Returns the offset before the line end (LF or CRLF), or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return end > offset && text[end - 1] === '\r' ? end - 1 : end;
}

/** Returns the offset after the line end. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** Returns the line end of the line at an offset, otherwise that of the file's first line, otherwise LF. */
export function lineBreak(text: string, offset: number): string {
  for (const from of [offset, 0]) {
    const end = text.indexOf('\n', from);
    if (end >= 0) return text[end - 1] === '\r' ? '\r\n' : '\n';
  }
  return '\n';
}

/**
 * Returns the offset at which a node's content ends: before following blanks, comments and line ends.
 *
 * The library's range of a block collection also includes the comments after its last item.
 */
export function contentEnd(text: string, node: ParsedNode | ParsedPair): number {
  if (isPair(node)) return node.value ? contentEnd(text, node.value) : contentEnd(text, node.key);
  if (isCollection(node) && !node.flow) {
    const last = node.items.at(-1) as ParsedNode | ParsedPair | undefined;
    if (last) return contentEnd(text, last);
  }
  const end = node.range[1];
  return isBlockScalar(node) ? text.slice(0, end).trimEnd().length : end;
}

/** Is the node a `|` or `>` text? */
export function isBlockScalar(node: unknown): boolean {
  return isScalar(node) && (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED);
}

export function startOf(node: ParsedNode | ParsedPair): number {
  return isPair(node) ? node.key.range[0] : node.range[0];
}

/** Returns the offset after the colon of a pair, or null for a flow pair without one. */
export function colonEnd(text: string, pair: ParsedPair): number | null {
  const after = /^[ \t]*:/.exec(text.slice(pair.key.range[1], pair.key.range[1] + 200));
  return after ? pair.key.range[1] + after[0].length : null;
}

export function pairOf(map: unknown, key: string): ParsedPair | undefined {
  if (!isMap(map)) return undefined;
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key) as ParsedPair | undefined;
}
