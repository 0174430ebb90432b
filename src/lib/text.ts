const LONGEST = 60;

// Control characters, invisible format characters (including bidirectional overrides), halves of surrogate pairs,
// line separators: none of these may reach a terminal, a log or a workflow command unescaped.
const HOSTILE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Formats foreign text as one safe line: hostile characters as `\u{1b}`, cut after 60 characters. */
export function harmless(text: string, longest: number = LONGEST): string {
  // Twice the length in code units contains at least `longest` characters, and limits the work.
  const characters = Array.from(text.slice(0, 2 * longest + 2));
  const cut = characters.length > longest;
  const start = cut ? characters.slice(0, longest).join('') : text;
  return start.replace(HOSTILE, escapeCharacter) + (cut ? '…' : '');
}

/** Formats foreign text as one safe line in double quotes. */
export function quoted(text: string, longest?: number): string {
  return `"${harmless(text, longest).replaceAll('"', '\\"')}"`;
}

/** Formats a person's text as one line, so that no part of it becomes a trailer of a commit or a terminal command. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** Cuts a text to at most this many characters, including `mark`; never splits a surrogate pair. */
export function cutTo(text: string, longest: number, mark = ''): string {
  if (text.length <= longest) return text;
  // Twice the length in code units contains more than `longest` characters, and limits the work.
  const characters = Array.from(text.slice(0, 2 * longest + 2));
  if (characters.length <= longest) return text;
  return characters.slice(0, longest - mark.length).join('') + mark;
}

/** Compares two texts by code units: the same order on every machine, whatever its language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `U+001B` */
export function codePointName(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `U+${hex.padStart(4, '0')}`;
}

/** Describes an invisible character: `a tab`, `the control character U+0007`, `half of a surrogate pair (U+D83D)`. */
export function characterInWords(character: string): string {
  const code = codePointName(character);
  if (character === '\n') return 'a line break';
  if (character === '\t') return 'a tab';
  if (character === '\ufffd')
    return `the replacement character ${code}, which stands for bytes that are not UTF-8`;
  if (/\p{Cs}/u.test(character)) return `half of a surrogate pair (${code})`;
  return /\p{Cc}/u.test(character) ? `the control character ${code}` : `the invisible character ${code}`;
}

/** Joins words: `a, b or c`. */
export function oneOf(words: readonly string[]): string {
  return joined(words, 'or');
}

function joined(words: readonly string[], last: string): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
