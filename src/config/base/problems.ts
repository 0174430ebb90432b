import type { Problem } from '../../domain/spec/problem.ts';
import { compareText, quoted } from '../../lib/text.ts';

/** Path of a value in the data: keys and list indexes. */
export type Path = readonly (string | number)[];

/** A problem before its place in the text is known. */
export interface Finding {
  severity: 'error' | 'warning';
  path: Path;
  /** Where the problem points: the value at `path`, its key, or an offset in the text. */
  at: 'value' | 'key' | number;
  message: string;
  code?: Problem['code'];
  /** True if the whole file is refused although `path` is inside a feature. */
  wholeFile?: true;
}

/** Returns the key of the feature that contains a path, or null if the path concerns the whole file. */
export function featureOf(path: Path): string | null {
  return path[0] === 'features' && typeof path[1] === 'string' ? path[1] : null;
}

/** Formats a path: `features.x.whitelist[3]`; keys that are not plain names are quoted, escaped and cut. */
export function pathText(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (!isPlainKey(part)) text += `[${quoted(part)}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** Returns a value's name in messages: its path within its feature or within `defaults`, otherwise the whole path. */
export function nameOf(path: Path): string {
  if (path[0] === 'features' && path.length === 2) return `feature ${keyText(String(path[1]))}`;
  if (path[0] === 'features' && path.length > 2) return pathText(path.slice(2));
  if (path[0] === 'defaults' && path.length > 1) return pathText(path.slice(1));
  return path.length === 0 ? 'the file' : pathText(path);
}

/** Formats a key for a message: unquoted if it is a plain name. */
export function keyText(key: string): string {
  return isPlainKey(key) ? key : quoted(key);
}

/** Sorts the main file first, then by line, then column, then errors first. */
export function byPlace(a: Problem, b: Problem): number {
  const [one, other] = [a.file ?? '', b.file ?? ''];
  if (one !== other) return compareText(one, other);
  return a.line - b.line || a.column - b.column || a.severity.localeCompare(b.severity);
}

function isPlainKey(key: string): boolean {
  return key.length <= 100 && /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key);
}
