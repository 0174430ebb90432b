import { foldName } from './resolve.ts';

/** A subject with all its present and former names. */
export interface Named {
  id: string;
  /** Present and former names, in lower case. */
  names: readonly string[];
}

/**
 * Returns the lines of a text that name a subject, starting at 1. The id and the names count as whole words; an id of
 * fewer than five digits counts only between quotes, brackets and commas, as in a list. The database function
 * `rollout_erased` replaces these mentions.
 */
export function linesNaming(text: string, subject: Named): number[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => (names(line, subject) ? [at + 1] : []));
}

function names(line: string, { id, names }: Named): boolean {
  const folded = foldName(line);
  if (names.some((name) => holdsWord(folded, name))) return true;
  return /^\d{1,4}$/.test(id) ? listed(line).includes(id) : holdsWord(line, id);
}

const WORD = /[\p{L}\p{N}_-]/u;

function holdsWord(line: string, word: string): boolean {
  for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
    const before = [...line.slice(Math.max(0, at - 2), at)].at(-1) ?? '';
    const after = [...line.slice(at + word.length, at + word.length + 2)][0] ?? '';
    if (!WORD.test(before) && !WORD.test(after)) return true;
  }
  return false;
}

function listed(line: string): string[] {
  return line.split(/[[\],#]|^\s*-\s/).map((part) => part.trim().replace(/^(['"])(.*)\1$/, '$2'));
}
