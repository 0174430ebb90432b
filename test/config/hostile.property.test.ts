import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editFeature } from '../../src/config/edit/edit.ts';
import { parseConfig } from '../../src/config/read/parse.ts';
import { subjectProblem } from '../../src/domain/spec/subject-id.ts';
import { RolloutError } from '../../src/errors.ts';
import { runs } from '../helpers/run/runs.ts';

const HOSTILE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const anyText = fc.string({ unit: 'binary', maxLength: 100 });
const yamlish = fc
  .array(
    fc.constantFrom(
      'a',
      ': ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '\n',
      '  ',
      '"',
      "'",
      '#',
      '&x',
      '*x',
      '|',
      '>',
      '!',
      '? ',
      ',',
      '%',
      '---',
      '\t',
      '\r\n',
      '<<: ',
      '1',
      'features:',
      'version: 1\n',
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

/** Every line of what is said is one harmless line with a place in the file. */
function expectHarmless(input: string | Uint8Array): void {
  const lines = Buffer.from(input as string)
    .toString('utf8')
    .split('\n').length;
  for (const { path, message, line, column } of parseConfig(input).problems) {
    expect(path + message).not.toMatch(HOSTILE);
    expect(message.length).toBeLessThan(600);
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines);
    expect(column).toBeGreaterThanOrEqual(1);
  }
}

describe('whatever is in the file', () => {
  test('any bytes are read without an exception or a hostile message', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), expectHarmless), { numRuns: runs(200, 500) });
  });

  test('any signs of YAML are read without an exception or a hostile message', () => {
    fc.assert(fc.property(yamlish, expectHarmless), { numRuns: runs(700, 2_000) });
  });

  test('any keys and values are read without an exception or a hostile message', () => {
    const data = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        anyText,
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(anyText, tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(
        anyText,
        fc.dictionary(
          fc.oneof(anyText, fc.constantFrom('percentage', 'whitelist', 'steps', 'thresholds')),
          data,
        ),
        (key, feature) => {
          expectHarmless(
            JSON.stringify({ version: 1, [key]: feature, features: { [key]: feature, checkout: feature } }),
          );
        },
      ),
      { numRuns: runs(200, 500) },
    );
  });

  test('an edit of any file gives a text that means what was asked, or is refused', () => {
    fc.assert(
      fc.property(yamlish, fc.integer({ min: 0, max: 100 }), (tail, value) => {
        const text = `version: 1\nfeatures:\n  checkout:\n    active: true${tail}`;
        try {
          const after = editFeature(text, 'checkout', [{ kind: 'set', path: ['percentage'], value }]);
          expect(after).toMatch(new RegExp(`percentage: ${value}\\b`));
        } catch (error) {
          if (!(error instanceof RolloutError)) throw error;
          expect(['edit_refused', 'unknown_feature']).toContain(error.code);
        }
      }),
      { numRuns: runs(350, 1_000) },
    );
  });
});

describe('an id that is allowed', () => {
  test('an allowed id is read back as it was written', () => {
    const id = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => subjectProblem(text) === null && !HOSTILE.test(text) && text.trim() === text);
    fc.assert(
      fc.property(id, (text) => {
        const before = 'version: 1\nfeatures:\n  checkout:\n    whitelist:\n      - other\n';
        const after = editFeature(before, 'checkout', [
          { kind: 'add_entries', list: 'whitelist', entries: [text] },
        ]);
        const { config, problems } = parseConfig(after);
        expect(problems).toEqual([]);
        expect(config?.features.get('checkout')?.whitelist).toContain(text);
      }),
      { numRuns: runs(350, 1_000) },
    );
  });
});
