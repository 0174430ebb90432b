import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RolloutError } from '../../../src/errors.ts';
import { tokensOf } from '../../../src/server/http/tokens.ts';
import { sameText } from '../../../src/server/identity/same-text.ts';

const GOOD = '0123456789abcdef0123456789abcdef';
const OTHER = 'fedcba9876543210fedcba9876543210';

function refusalOf(environment: Record<string, string>): RolloutError {
  try {
    tokensOf(environment);
  } catch (error) {
    if (error instanceof RolloutError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('the tokens of the environment', () => {
  it.each([
    [{}, null, null],
    [{ ROLLOUT_ADMIN_TOKEN: '', ROLLOUT_READ_TOKEN: '  ' }, null, null],
    [{ ROLLOUT_ADMIN_TOKEN: GOOD }, GOOD, null],
    [{ ROLLOUT_ADMIN_TOKEN: ` ${GOOD}\n`, ROLLOUT_READ_TOKEN: OTHER }, GOOD, OTHER],
  ])(
    'the environment %j gives the admin token %j and the reading token %j',
    (environment, adminToken, readToken) => {
      expect(tokensOf(environment)).toEqual({
        adminToken,
        readToken,
        clientTokens: [],
        writeTokens: [],
        proxyToken: null,
      });
    },
  );

  it('the tokens of applications are lists, so that one can be withdrawn while the others stay', () => {
    const environment = { ROLLOUT_CLIENT_TOKENS: `${GOOD}, ${OTHER},`, ROLLOUT_WRITE_TOKENS: '' };
    expect(tokensOf(environment)).toMatchObject({ clientTokens: [GOOD, OTHER], writeTokens: [] });
    expect(() => tokensOf({ ...environment, ROLLOUT_WRITE_TOKENS: OTHER })).toThrow(
      'ROLLOUT_CLIENT_TOKENS and ROLLOUT_WRITE_TOKENS are the same',
    );
    expect(() => tokensOf({ ROLLOUT_CLIENT_TOKENS: `${GOOD},short` })).toThrow('ROLLOUT_CLIENT_TOKENS has 5');
  });

  it.each([
    [
      'is too short',
      { ROLLOUT_ADMIN_TOKEN: GOOD.slice(1) },
      'ROLLOUT_ADMIN_TOKEN has 31 characters; it needs 32',
    ],
    ['is too short for reading', { ROLLOUT_READ_TOKEN: 'x' }, 'ROLLOUT_READ_TOKEN has 1 characters'],
    ['no header can carry', { ROLLOUT_READ_TOKEN: `${GOOD}é` }, 'ROLLOUT_READ_TOKEN has characters'],
    ['has a blank in it', { ROLLOUT_ADMIN_TOKEN: `${GOOD} ${GOOD}` }, 'ROLLOUT_ADMIN_TOKEN has characters'],
    ['is the other one, too', { ROLLOUT_ADMIN_TOKEN: GOOD, ROLLOUT_READ_TOKEN: GOOD }, 'are the same'],
  ])('a token that %s is refused, and the message does not repeat it', (_what, environment, said) => {
    const { code, message, hint } = refusalOf(environment);
    expect([code, message]).toEqual(['usage', expect.stringContaining(said)]);
    expect(hint).toBe('make one with: openssl rand -hex 32');
    expect(message).not.toContain(GOOD.slice(1, 20));
  });

  it('two tokens are equal only if every character is', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => sameText(a, b) === (a === b)));
    fc.assert(fc.property(fc.string(), (a) => sameText(a, `${a}`)));
  });
});
