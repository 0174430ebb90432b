import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subjectProblem, unkeptCharacter } from '../../../src/domain/spec/subject-id.ts';

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../schema/rollout.schema.json'), 'utf8'),
) as { $defs: { entry: { pattern: string; minLength: number; maxLength: number } } };
const { pattern, minLength, maxLength } = schema.$defs.entry;
const PATTERN = new RegExp(pattern, 'u');

/** What the schema says of an entry, as an editor reads it. */
function schemaAccepts(text: string): boolean {
  const length = Array.from(text).length;
  return length >= minLength && length <= maxLength && PATTERN.test(text);
}

const piece = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
  fc.constantFrom(' ', '\t', '\n', '\r', '\0', '\u0007', '\u007f', '\u0085', '\u00a0', '\u00ad', '\u200b'),
  fc.constantFrom(
    '\u202e',
    '\u2028',
    '\u2029',
    '\ufeff',
    '\ufffd',
    '\ud83d',
    '\ude00',
    '😀',
    '/',
    'acme/api',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

describe('what can be the id of a subject', () => {
  it('an id of a subject is accepted exactly when the schema accepts it as an entry', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
        (text) => {
          expect(subjectProblem(text) === null).toBe(schemaAccepts(text));
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it.each(['acme/api', '7e10', 'a b', '😀', 'x'.repeat(512), '😀'.repeat(512)])(
    'the id %s is accepted, as in the schema',
    (text) => {
      expect(subjectProblem(text)).toBeNull();
      expect(schemaAccepts(text)).toBe(true);
    },
  );

  it.each([
    ['', 'must not be empty'],
    [' ', 'must not begin or end with a space'],
    ['a\u00a0', 'must not begin or end with a space'],
    ['x'.repeat(513), 'must have at most 512 characters, and has 513'],
    ['x'.repeat(100_000), 'must have at most 512 characters, and has 100000'],
    ['a\nb', 'must not contain a line break'],
    ['a\tb', 'must not contain a tab'],
    ['a\0b', 'must not contain the control character U+0000'],
    ['a\u0085b', 'must not contain the control character U+0085'],
    ['a\ud83db', 'must not contain half of a surrogate pair (U+D83D)'],
    ['a\u200bb', 'must not contain the invisible character U+200B'],
    ['a\u2028b', 'must not contain the invisible character U+2028'],
    [
      'a\ufffdb',
      'must not contain the replacement character U+FFFD, which stands for bytes that are not UTF-8',
    ],
  ])('the id %j is refused because it %s', (text, problem) => {
    expect(subjectProblem(text)).toBe(problem);
    expect(schemaAccepts(text)).toBe(false);
  });

  it('the characters that the database cannot keep are found, and no others', () => {
    expect(unkeptCharacter('a\0b')).toBe('the control character U+0000');
    expect(unkeptCharacter('cut \ud83d')).toBe('half of a surrogate pair (U+D83D)');
    expect(unkeptCharacter('whole 😀, a tab \t and \u200b')).toBeNull();
  });
});
