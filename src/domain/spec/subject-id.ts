import { characterInWords } from '../../lib/text.ts';

/** Longest id or name of a subject, in characters (code points, as PostgreSQL and the schema count them). */
export const LONGEST_SUBJECT = 512;

/** Invisible in a terminal, or not kept by PostgreSQL; U+FFFD is what bytes that are not UTF-8 are read as. */
const REFUSED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffd]/u;
/** U+0000 and half surrogates: JSON and JavaScript can hold them, a text of PostgreSQL cannot. */
const UNKEPT = /[\0\p{Cs}]/u;

/** Subjects whose outcomes are kept together have an id that begins with this; no subject has such an id. */
const GROUP = '\u001f';

export function isGroup(subject: string): boolean {
  return subject.startsWith(GROUP);
}

/**
 * The rule that a text breaks as the id or the `owner/name` of a subject, to follow "it": `must not be empty`; null
 * where it can be one.
 *
 * Every door asks this one function: arguments, bodies, lists, imports and lines of `record`. `entry` of the schema
 * says the same about the file (test/domain/spec/subject-id.test.ts compares them).
 */
export function subjectProblem(text: string): string | null {
  if (text === '') return 'must not be empty';
  const length = lengthOf(text);
  if (length > LONGEST_SUBJECT) {
    return `must have at most ${LONGEST_SUBJECT} characters, and has ${length}`;
  }
  const refused = refusedCharacter(text);
  if (refused !== null) return `must not contain ${refused}`;
  // `trim` knows the same spaces as the schema's \s.
  return text === text.trim() ? null : 'must not begin or end with a space';
}

/** The first character that no id may have, in words: `a tab`, `half of a surrogate pair (U+D83D)`; null for none. */
export function refusedCharacter(text: string): string | null {
  const found = REFUSED.exec(text)?.[0];
  return found === undefined ? null : characterInWords(found);
}

/** The first character that the database cannot keep, in words; null where it can keep them all. */
export function unkeptCharacter(text: string): string | null {
  const found = UNKEPT.exec(text)?.[0];
  return found === undefined ? null : characterInWords(found);
}

/** In code points. A text far beyond the limit is not walked through. */
function lengthOf(text: string): number {
  return text.length > 4 * LONGEST_SUBJECT ? text.length : Array.from(text).length;
}
