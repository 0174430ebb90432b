import { describe, expect, it } from 'vitest';
import { raisedBetween } from '../../../src/app/operate/raised-between.ts';

const file = (features: string) => Buffer.from(`version: 1\nfeatures: ${features}\n`);

describe('what a push raises', () => {
  it.each([
    ['a higher percentage', '{ a: { percentage: 10 } }', '{ a: { percentage: 20 } }', ['a']],
    ['somebody in the whitelist', '{ a: {} }', '{ a: { whitelist: [x] } }', ['a']],
    ['a feature that was not there', '{ b: {} }', '{ a: { percentage: 1 }, b: {} }', ['a']],
    ['nothing, where it is lowered', '{ a: { percentage: 20 } }', '{ a: { percentage: 10 } }', []],
    [
      'nothing, where only words change',
      '{ a: { percentage: 20 } }',
      '{ a: { percentage: 20, owner: me } }',
      [],
    ],
    ['nothing of a feature that is gone', '{ a: { percentage: 20 } }', '{}', []],
  ])('a push raises %s', (_what, before, after, raised) => {
    expect(raisedBetween(file(before), file(after), ['a'])).toEqual(raised);
  });

  it('a push raises every feature when there was no file before, and none when there is none after', () => {
    expect(raisedBetween(null, file('{ a: { percentage: 1 } }'), ['a'])).toEqual(['a']);
    expect(raisedBetween(file('{ a: { percentage: 1 } }'), null, ['a'])).toEqual([]);
  });
});
