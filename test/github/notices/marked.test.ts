import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMarked, parseMarked } from '../../../src/github/notices/marked.ts';

const key = fc.stringMatching(/^[a-z][\w ./=:#,-]{0,40}$/).map((text) => text.trim());
const text = fc.string({ unit: 'grapheme', maxLength: 200 }).map((one) => one.replaceAll('\r', '').trim());

describe('a text of ours', () => {
  it('a marked text is parsed back into its key and its text, also after GitHub changed the line ends', () => {
    fc.assert(
      fc.property(key, text, (about, said) => {
        const whole = formatMarked(about, said);
        expect(parseMarked(whole)).toEqual({ key: about, text: said });
        expect(parseMarked(whole.replaceAll('\n', '\r\n'))).toEqual({ key: about, text: said });
      }),
    );
  });

  it('only a text that begins with the marker is ours, so that a quoted marker does not count', () => {
    fc.assert(
      fc.property(key, text, (about, said) => {
        expect(parseMarked(`> ${formatMarked(about, said)}`)).toBeNull();
        expect(parseMarked(`\n${formatMarked(about, said)}`)).toBeNull();
      }),
    );
    expect(parseMarked('')).toBeNull();
  });

  it('a key cannot add a second line or end the comment that contains it', () => {
    expect(formatMarked('a --> b\n<script>', 'x')).toBe('<!-- rollout: a --? b??script? -->\nx');
  });

  it('a marked text never exceeds GitHub’s limit and reports exactly how many characters were left out', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 65_000, max: 200_000 }),
        fc.integer({ min: 1, max: 5_000 }),
        (length, width) => {
          const said = Array.from({ length: Math.ceil(length / width) }, () => 'y'.repeat(width - 1))
            .join('\n')
            .trim();
          const whole = formatMarked('plan', said);
          expect(whole.length).toBeLessThanOrEqual(65_536);
          const kept = parseMarked(whole)?.text ?? '';
          const [, left] = /\n\n_(\d+) more characters were left out/.exec(kept) ?? [];
          const shown = left === undefined ? kept : kept.slice(0, kept.lastIndexOf('\n\n_'));
          expect(shown.length + Number(left ?? 0)).toBe(said.length);
        },
      ),
      { numRuns: 30 },
    );
  });
});
