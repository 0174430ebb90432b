import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitMessage, isOurs, parseCommitMessage, saysSo } from '../../../src/domain/git/commit-message.ts';

const TRAILERS = ['Rollout-Incident: 12', 'Rollout-Incident: 13', 'Rollout-History: abc'];

const word = fc.stringMatching(/^[A-Za-z0-9 ,.%:-]{1,30}$/).map((text) => text.trim() || 'x');
const line = fc.oneof(word, fc.constantFrom(...TRAILERS, 'rollout-incident: 9', 'Co-authored-by: Ada'));
const paragraph = fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n'));
const trailers = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom('Incident', 'Feature', 'History', 'Resumes'), word)
    .map(([name, value]) => `Rollout-${name}: ${value}`),
  { minLength: 1, maxLength: 4 },
);

describe('the message of a commit of ours', () => {
  it('a commit message of ours is parsed into its original parts', () => {
    fc.assert(
      fc.property(word, fc.array(word, { minLength: 1, maxLength: 3 }), trailers, (title, body, given) => {
        const parts = { title, body: body.join('\n\n'), trailers: given };
        expect(parseCommitMessage(commitMessage(parts))).toEqual(parts);
        expect(isOurs(commitMessage(parts))).toBe(true);
      }),
    );
  });

  it('a commit message of ours has no trailer that came from its body', () => {
    fc.assert(
      fc.property(word, fc.array(paragraph, { maxLength: 3 }), trailers, (title, body, given) => {
        const message = commitMessage({ title, body: body.join('\n\n'), trailers: given });
        expect(parseCommitMessage(message).trailers).toEqual(given);
        for (const forged of TRAILERS) expect(saysSo(message, [forged])).toBe(given.includes(forged));
      }),
    );
  });

  it('a commit message matches an incident by any one of its trailers, and a feature by all of its own', () => {
    const message = commitMessage({ title: 'Roll back one, two', body: 'Why.', trailers: TRAILERS });
    expect(saysSo(message, ['Rollout-Incident: 13', 'Rollout-Incident: 14'])).toBe(true);
    expect(saysSo(message, ['Rollout-Incident: 1'])).toBe(false);
    expect(saysSo(message, ['Rollout-Feature: one', 'Rollout-History: abc'])).toBe(false);
    expect(saysSo(message, [])).toBe(false);
    expect(isOurs('Roll back one\n\nBy hand.')).toBe(false);
  });

  it('a commit message is still recognised after GitHub squashed it and added its authors', () => {
    const message = commitMessage({ title: 'Stop one', body: 'Why.', trailers: ['Rollout-Incident: 12'] });
    expect(
      saysSo(`${message.trim()}\n\nCo-authored-by: Ada <ada@example.com>`, ['Rollout-Incident: 12']),
    ).toBe(true);
  });
});
