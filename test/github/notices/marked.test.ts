import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMarked, parseMarked } from '../../../src/github/notices/marked.ts';

const key = fc.stringMatching(/^[a-z][\w ./=:#,-]{0,40}$/).map((text) => text.trim());
const text = fc.string({ unit: 'grapheme', maxLength: 200 }).map((one) => one.replaceAll('\r', '').trim());

describe('a text of ours', () => {
  it('comes apart into its key and what it says, also when GitHub has changed the line ends', () => {
    fc.assert(
      fc.property(key, text, (about, said) => {
        const whole = formatMarked(about, said);
        expect(parseMarked(whole)).toEqual({ key: about, text: said });
        expect(parseMarked(whole.replaceAll('\n', '\r\n'))).toEqual({ key: about, text: said });
      }),
    );
  });

  it('is only what begins with the marker, so that quoting it makes no second one', () => {
    fc.assert(
      fc.property(key, text, (about, said) => {
        expect(parseMarked(`> ${formatMarked(about, said)}`)).toBeNull();
        expect(parseMarked(`\n${formatMarked(about, said)}`)).toBeNull();
      }),
    );
    expect(parseMarked('')).toBeNull();
  });

  it('hides no second line and no end of the comment in its key', () => {
    expect(formatMarked('a --> b\n<script>', 'x')).toBe('<!-- rollout: a --? b??script? -->\nx');
  });

  it('never is longer than GitHub takes, and says exactly what was left out', () => {
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
