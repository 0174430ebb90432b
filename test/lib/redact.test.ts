import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/lib/redact.ts';

const ALPHANUMERIC = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'];
const CAPITALS = ALPHANUMERIC.filter((one) => /[A-Z0-9]/.test(one));

const chars = (from: readonly string[], least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...from), minLength: least, maxLength: most });
const token = (least = 20, most = 60) => chars(ALPHANUMERIC, least, most);

/** A password as people choose them: it begins with a letter, blanks and signs may follow. */
const password = (signs: readonly string[]) =>
  fc
    .tuple(chars(ALPHANUMERIC.slice(0, 52), 4, 8), chars([...ALPHANUMERIC, ...signs], 4, 20), token(4, 8))
    .map((parts) => parts.join(''));
const word = password([...'!$%*-_.~^+']);
const hard = password([...' @!$%:/?#+']);

/** A text with a secret in it, and every part of the text that must be gone. */
const SECRETS = fc.oneof(
  ...['npm_', 'ghp_', 'gho_', 'github_pat_', 'sk-', 'sk-proj-', 'sk-ant-api03-', 'glpat-', 'hf_'].map(
    (start) => token().map((secret) => ({ text: start + secret, secret })),
  ),
  ...['xoxb-', 'xapp-', 'sk_live_', 'rk_test_', 'whsec_'].map((start) =>
    token().map((secret) => ({ text: start + secret, secret })),
  ),
  ...['AKIA', 'ASIA'].map((start) =>
    chars(CAPITALS, 16, 16).map((secret) => ({ text: start + secret, secret })),
  ),
  fc.tuple(token(), token()).map(([one, secret]) => ({
    text: `https://hooks.slack.com/services/T${one}/B${one}/${secret}`,
    secret,
  })),
  token(40, 68).map((secret) => ({ text: `https://discord.com/api/webhooks/1234567890/${secret}`, secret })),
  token().map((secret) => ({ text: `https://acme.webhook.office.com/webhookb2/${secret}`, secret })),
  ...['postgresql', 'https', 'redis', 'amqp+ssl'].flatMap((scheme) => [
    hard.map((secret) => ({ text: `${scheme}://app:${secret}@db.internal/app`, secret })),
    token().map((secret) => ({ text: `${scheme}://${secret}@github.com/acme/api`, secret })),
  ]),
  hard.map((secret) => ({
    text: `postgresql://db.internal/app?user=a&password=${encodeURIComponent(secret)}`,
    secret: encodeURIComponent(secret),
  })),
  ...[
    'password=',
    'pass=',
    'DB_PASS=',
    'pwd: ',
    'client_secret=',
    'X-Api-Key: ',
    '?token=',
    '--password ',
  ].map((start) => word.map((secret) => ({ text: ` ${start}${secret}`, secret }))),
  ...[
    ['{"password":"', '"}'],
    ["password='", "'"],
    ['PGPASS="', '"'],
    ['{\\"api_key\\": \\"', '\\"}'],
    ['secret => "', '"'],
    ['--token "', '"'],
  ].map(([start, end]) => hard.map((secret) => ({ text: ` ${start}${secret}${end}`, secret }))),
  ...['curl -u ada:', 'curl --user ada:'].map((start) =>
    word.map((secret) => ({ text: `${start}${secret} https://example.com`, secret })),
  ),
  word.map((secret) => ({ text: `ada:${secret}@db.internal`, secret })),
  fc.tuple(token(), token()).map(([one, secret]) => ({
    text: `Cookie: theme=${one}; sid=${secret}`,
    secret,
  })),
  token().map((secret) => ({ text: `set-cookie: sid=${secret}; Path=/; HttpOnly`, secret })),
  ...['Bearer ', 'Basic ', 'token ', ''].map((scheme) =>
    token().map((secret) => ({ text: `Authorization: ${scheme}${secret}`, secret })),
  ),
  token().map((secret) => ({ text: `Authorization: Digest username="ada", response="${secret}"`, secret })),
);

const around = fc.constantFrom('', 'failed: ', 'the request to ', '\n', '(', '2 of 3 ', 'Error: connect ');

describe('a text with a secret', () => {
  it('a redacted text keeps no part of a secret, whatever the secret is and wherever it stands', () => {
    fc.assert(
      fc.property(around, SECRETS, around, (before, { text, secret }, after) => {
        const kept = redact(`${before} ${text} ${after}`);
        expect(kept).not.toContain(secret);
        expect(kept).toContain('***');
      }),
      { numRuns: 5_000 },
    );
  });

  it('redacting a redacted text changes nothing', () => {
    fc.assert(
      fc.property(around, SECRETS, (before, { text }) => {
        const once = redact(`${before}${text}`);
        expect(redact(once)).toBe(once);
      }),
    );
  });

  it.each([
    ['postgresql://app:hunter2@db/app refused', 'postgresql://app:***@db/app refused'],
    ['postgresql://app:hun ter@2@db/app refused', 'postgresql://app:***@db/app refused'],
    ['https://ghp0123456789abcdefghij@github.com/a', 'https://***@github.com/a'],
    ['bad token ghp_0123456789abcdefghij', 'bad token ***'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer ***'],
    ['{"password": "hunter2", "user": "ada"}', '{"password": "***", "user": "ada"}'],
    ['{"password": "two \\"words\\"", "user": "ada"}', '{"password": "***", "user": "ada"}'],
    ['api_key=hunter2&x=1', 'api_key=***&x=1'],
    ['AKIAIOSFODNN7EXAMPLE was refused', '*** was refused'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdef expired', '*** expired'],
    ["DB_PASS='two words' node app.js", "DB_PASS='***' node app.js"],
    ['{"headers":{"cookie":"a=b; c=d","host":"x"}}', '{"headers":{"cookie":"***","host":"x"}}'],
  ])('redaction keeps the text around a secret: %s', (text, kept) => {
    expect(redact(text)).toBe(kept);
  });

  it('a very long text is cut before the word that the cut would halve', () => {
    const kept = redact(`${'x '.repeat(9_995)}ghp_${'a'.repeat(36)} and more`);
    expect(kept.length).toBeLessThan(20_000);
    expect(kept).toMatch(/x…$/);
  });
});

describe('a text without a secret', () => {
  it.each([
    'connect ECONNREFUSED 10.0.0.7:443',
    'connect to https://db.internal:5432 failed',
    'https://example.com:8443/a@b is 404',
    'timeout of 5000 ms exceeded',
    'https://example.com/a?b=c is 404',
    'repository octocat/hello-world not found',
    'unexpected token < in JSON at position 0',
    'bypass=true, compass: north',
    'risk-assessment-of-a-long-name failed',
    'acme/api@sha256:0123456789abcdef was pulled',
    'mail ops@acme.example',
    'at file:///app/node_modules/pkg/index.js:10:5',
    'cookies are off',
  ])('a text without a secret stays unchanged: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('a text that is made to take long', () => {
  const pieces = [
    'a',
    'password',
    '://',
    'a://b:',
    'eyJ',
    'bearer ',
    '@',
    'a:',
    '"',
    '=',
    "pass='",
    '\\"',
    '-u a:',
  ];

  it.each(pieces)('redaction finishes on %j repeated to a hundred thousand characters', (piece) => {
    const text = piece.repeat(Math.ceil(100_000 / piece.length));
    expect(redact(text).length).toBeLessThan(25_000 * 4);
    expect(redact(`${text}@`).length).toBeLessThan(25_000 * 4);
  });
});
