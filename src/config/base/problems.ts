import type { Problem } from '../../domain/spec/problem.ts';
import { compareText, quoted } from '../../lib/text.ts';

/** Where a value stands in the data: keys and list indexes. */
export type Path = readonly (string | number)[];

/** A problem before its place in the text is looked up. */
export interface Finding {
  severity: 'error' | 'warning';
  path: Path;
  /** What to point at: the value at `path`, its key, or an offset in the text. */
  at: 'value' | 'key' | number;
  message: string;
  code?: Problem['code'];
  /** True where the whole file is refused although `path` is inside a feature. */
  wholeFile?: true;
}

/** The key of the feature a path is inside of, or null where it concerns the whole file. */
export function featureOf(path: Path): string | null {
  return path[0] === 'features' && typeof path[1] === 'string' ? path[1] : null;
}

/** `features.x.whitelist[3]`; keys that are not plain names are quoted, escaped and cut. */
export function pathText(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (!isPlainKey(part)) text += `[${quoted(part)}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** What messages call a value: its path within its feature or within `defaults`, else the whole path. */
export function nameOf(path: Path): string {
  if (path[0] === 'features' && path.length === 2) return `feature ${keyText(String(path[1]))}`;
  if (path[0] === 'features' && path.length > 2) return pathText(path.slice(2));
  if (path[0] === 'defaults' && path.length > 1) return pathText(path.slice(1));
  return path.length === 0 ? 'the file' : pathText(path);
}

/** A key for a message: plain where it is a plain name, else quoted. */
export function keyText(key: string): string {
  return isPlainKey(key) ? key : quoted(key);
}

/** The main file first, then by line, then column, then errors first. */
export function byPlace(a: Problem, b: Problem): number {
  const [one, other] = [a.file ?? '', b.file ?? ''];
  if (one !== other) return compareText(one, other);
  return a.line - b.line || a.column - b.column || a.severity.localeCompare(b.severity);
}

function isPlainKey(key: string): boolean {
  return key.length <= 100 && /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key);
}
