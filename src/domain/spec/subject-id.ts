import { characterInWords } from '../../lib/text.ts';

/** Longest id or name of a subject, in characters (code points, as PostgreSQL and the schema count them). */
export const LONGEST_SUBJECT = 512;

/** Invisible in a terminal, or not stored by PostgreSQL; U+FFFD stands for bytes that are not UTF-8. */
const REFUSED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffd]/u;
/** U+0000 and half surrogates: valid in JSON and JavaScript, but not in a text of PostgreSQL. */
const UNKEPT = /[\0\p{Cs}]/u;

/** Prefix of the ids under which the outcomes of several subjects are kept together; no subject's id begins with it. */
const GROUP = '\u001f';

export function isGroup(subject: string): boolean {
  return subject.startsWith(GROUP);
}

/**
 * Returns the rule that a text breaks as a subject's id or `owner/name`, to follow "it": `must not be empty`; null: it
 * is valid.
 *
 * All inputs use this one function: arguments, bodies, lists, imports and lines of `record`. `entry` of the schema
 * states the same rule for the file (test/domain/spec/subject-id.test.ts compares them).
 */
export function subjectProblem(text: string): string | null {
  if (text === '') return 'must not be empty';
  const length = lengthOf(text);
  if (length > LONGEST_SUBJECT) {
    return `must have at most ${LONGEST_SUBJECT} characters, and has ${length}`;
  }
  const refused = refusedCharacter(text);
  if (refused !== null) return `must not contain ${refused}`;
  // `trim` removes the same spaces as the schema's \s.
  return text === text.trim() ? null : 'must not begin or end with a space';
}

/** Describes the first character that no id may have: `a tab`, `half of a surrogate pair (U+D83D)`; null: none. */
export function refusedCharacter(text: string): string | null {
  const found = REFUSED.exec(text)?.[0];
  return found === undefined ? null : characterInWords(found);
}

/** Describes the first character that the database cannot store; null: none. */
export function unkeptCharacter(text: string): string | null {
  const found = UNKEPT.exec(text)?.[0];
  return found === undefined ? null : characterInWords(found);
}

/** Returns the length in code points. A text far beyond the limit is not counted through. */
function lengthOf(text: string): number {
  return text.length > 4 * LONGEST_SUBJECT ? text.length : Array.from(text).length;
}
