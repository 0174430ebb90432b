import { describe, expect, it } from 'vitest';
import { type Edit, editFeature } from '../../../src/config/edit/edit.ts';
import { areSettings, type Setting, setTogether } from '../../../src/config/edit/together.ts';

const OFF: Setting[] = [
  { kind: 'set', path: ['active'], value: false },
  { kind: 'set', path: ['percentage'], value: 0 },
];
const STOP: Setting[] = [{ kind: 'set', path: ['emergency_stop'], value: true }];

const BLOCK = `version: 1 # first
features:
  # of the shop
  a:
    percentage: 10   # careful
    owner: "@acme/shop"

  b: { percentage: 25, active: true } # short
  c:
    active: true
  # the last one
  d: {}
  e:
    emergency_stop: true
`;
const TEXTS = {
  block: BLOCK,
  'with CRLF': BLOCK.replaceAll('\n', '\r\n'),
  'without an end of line': BLOCK.trimEnd(),
  flow: 'version: 1\nfeatures: { a: { percentage: 5 }, b: {}, c: { active: true }, d: {}, e: { emergency_stop: true } }\n',
};

const oneByOne = (text: string, wanted: ReadonlyMap<string, readonly Edit[]>) =>
  [...wanted].reduce((state, [feature, edits]) => editFeature(state, feature, edits), text);

describe('many features changed together', () => {
  it.each(Object.entries(TEXTS))(
    'many features changed together give the same text as one after another: %s',
    (_, text) => {
      const kinds = [OFF, STOP, [...OFF, ...STOP], []];
      for (let turn = 0; turn < kinds.length; turn++) {
        const wanted = new Map([...'abcde'].map((key, place) => [key, kinds[(place + turn) % 4] ?? []]));
        const together = setTogether(text, wanted);
        expect(together).toBe(oneByOne(text, wanted));
        expect(setTogether(together, wanted)).toBe(together);
      }
    },
  );

  it('a joint change of features is refused in unreadable text and when one change cannot be verified', () => {
    expect(() => setTogether('features: [', new Map([['a', OFF]]))).toThrow(/the file was left as it is/);
    expect(() => setTogether('features:\n  a: 5\n', new Map([['a', OFF]]))).toThrow(
      /active cannot be written/,
    );
  });

  it('a joint change sets single values, because a list is changed entry by entry', () => {
    expect(areSettings([...OFF, ...STOP])).toBe(true);
    expect(areSettings([{ kind: 'remove_entries', list: 'whitelist', entries: ['x'] }])).toBe(false);
    expect(areSettings([{ kind: 'set', path: ['categories'], value: ['test'] }])).toBe(false);
  });
});
