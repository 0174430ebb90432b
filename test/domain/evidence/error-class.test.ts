import { describe, expect, it } from 'vitest';
import { errorClass } from '../../../src/domain/evidence/error-class.ts';
import { type Outcome, OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import { labelledText } from '../../../src/lib/error-text.ts';

describe('the class of an error', () => {
  it('is the name of the error and its code, whatever it says beside', () => {
    const classes = {
      'TypeError: x is not a function': 'TypeError',
      'TypeError [ERR_INVALID_ARG_TYPE]: The "path" argument': 'TypeError ERR_INVALID_ARG_TYPE',
      'DatabaseError [23505]: duplicate key (id)=(acme/api)': 'DatabaseError 23505',
      'java.net.SocketTimeoutException: Read timed out': 'SocketTimeoutException',
      'Error [card_declined]: no': 'card_declined',
      TimeoutError: 'TimeoutError',
      'timed out': 'timed out',
    };
    for (const [text, found] of Object.entries(classes)) expect(errorClass(text), text).toBe(found);
  });

  it('is a code that everybody knows where the text has no name', () => {
    expect(errorClass('connect ECONNREFUSED 127.0.0.1:5432')).toBe('ECONNREFUSED');
    expect(errorClass('Error: socket hang up (code UND_ERR_SOCKET)')).toBe('UND_ERR_SOCKET');
    expect(errorClass('the service answered with status code 503')).toBe('HTTP 503');
    expect(errorClass('HTTP 502 from the gateway')).toBe('HTTP 502');
  });

  it('is never made of free text', () => {
    for (const text of [
      'acme/api: not found',
      'acme: token ghp_0123456789abcdefghij refused',
      'AcmeCorp: no such customer',
      'Error: nobody knows',
      'cloning acme failed: SomeError: inner',
      'LookupError of acme: gone',
      'the answer was 503 long',
      'FOODENOENT',
      '',
      ' ',
      '\u001b[31mTypeError: red',
      `${'x'.repeat(61)}Error: too long a name`,
    ])
      expect(errorClass(text), text).toBe('');
    // A code with many digits is somebody's number.
    expect(errorClass('LookupError [550e8400-e29b-41d4-a716-446655440000]: gone')).toBe('LookupError');
    expect(errorClass('Error [412398412]: gone')).toBe('');
  });
});

describe('the text of what was thrown', () => {
  const coded = (error: Error, more: object) =>
    Object.defineProperties(error, Object.getOwnPropertyDescriptors(more));

  it('begins with its name and code', () => {
    const named = new Error('too many');
    named.name = 'RateLimited';
    const texts: [unknown, string][] = [
      [new TypeError('x is undefined'), 'TypeError: x is undefined'],
      [
        coded(new Error('connect refused'), { code: 'ECONNREFUSED' }),
        'Error [ECONNREFUSED]: connect refused',
      ],
      [
        coded(new TypeError('fetch failed'), { cause: { code: 'ETIMEDOUT' } }),
        'TypeError [ETIMEDOUT]: fetch failed',
      ],
      [coded(new RangeError('Not Found'), { status: 404 }), 'RangeError [404]: Not Found'],
      [coded(new RangeError('duplicate'), { code: '23505' }), 'RangeError [23505]: duplicate'],
      [named, 'Error [RateLimited]: too many'],
    ];
    for (const [thrown, text] of texts) expect(labelledText(thrown)).toBe(text);
  });

  it('is the words alone where there is neither, or where they are no words of a program', () => {
    const hostile = coded(new Error('said'), {
      get code() {
        throw new Error('no');
      },
    });
    for (const thrown of [
      'said',
      new Error('said'),
      hostile,
      coded(new Error('said'), { code: 'two words\u0000' }),
      coded(new Error('said'), { code: 'x'.repeat(41) }),
      coded(new Error('said'), { code: -1, status: 4.5 }),
      coded(new Error('said'), { name: 7 }),
    ])
      expect(labelledText(thrown)).toBe('said');
    expect(labelledText(new TypeError(''))).toBe('TypeError');
    expect(labelledText(coded(new TypeError('TypeError: said'), {}))).toBe('TypeError: said');
  });
});

it('of too many texts in one flush each class keeps its own count', () => {
  const sums = new OutcomeSums();
  const place = {
    feature: 'a',
    subject: 'r',
    processor: 'p',
    arm: 'treatment',
    epoch: 1,
    job_class: '',
    category: '',
  } as const;
  const fail = (error: string) =>
    sums.add({ ...place, ok: false, duration_ms: null, error, finished_at: 1_000 } satisfies Outcome);
  for (let n = 0; n < 400; n++) {
    fail(`TypeError: number ${n}`);
    fail(`Error [card_declined]: number ${n}`);
    fail(`DatabaseError [23505]: number ${n}`);
    fail(`status 503 at ${n}`);
    fail(`number ${n}`);
  }
  const counts: Record<string, number> = {};
  for (const { message, occurrences } of sums.errors) {
    counts[errorClass(message)] = (counts[errorClass(message)] ?? 0) + occurrences;
  }
  expect(counts).toEqual({
    TypeError: 400,
    card_declined: 400,
    'DatabaseError 23505': 400,
    'HTTP 503': 400,
    '': 400,
  });
  expect(sums.errors).toHaveLength(105);

  // Thousands of classes are as bounded.
  for (let n = 0; n < 5_000; n++) fail(`Kind${n}Error: said`);
  expect(sums.errors).toHaveLength(200);
  expect(sums.errors.reduce((sum, one) => sum + one.occurrences, 0)).toBe(7_000);
});
