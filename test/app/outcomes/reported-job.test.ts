import { describe, expect, it } from 'vitest';
import { readLine } from '../../../src/app/outcomes/reported-line.ts';

const now = new Date('2026-11-22T10:15:00Z');
const GOOD = { feature: 'checkout', subject: 'r1', processor: 'inngest', ok: true };
const line = (rest: object) => JSON.stringify({ ...GOOD, ...rest });
const read = (text: string) => {
  const line = readLine(text, now);
  return 'job' in line ? line.job : line;
};
const problem = (text: string) => {
  const result = read(text);
  return 'problem' in result ? result.problem : result;
};

describe('a line', () => {
  it('a line of outcomes needs four fields and has six optional ones', () => {
    expect(read(line({}))).toEqual({
      ...GOOD,
      ...{ arm: null, duration_ms: null, error: null, finished_at: null, id: null, will_retry: false },
    });
    const rest = {
      arm: 'control',
      duration_ms: 0.5,
      error: 'boom',
      finished_at: '2026-11-22T11:15:00+01:00',
      id: 17,
    };
    expect(read(line({ ...rest, ok: false, subject: 42 }))).toEqual({
      ...{ ...GOOD, ...rest, ok: false, subject: '42', id: '17', will_retry: false },
      finished_at: now.getTime(),
    });
  });

  it('a line of outcomes may have null for unknown values, and may begin with a byte order mark', () => {
    const nothing = { arm: null, duration_ms: null, error: null, finished_at: null, id: null };
    expect(read(`\ufeff${line(nothing)}`)).toMatchObject(nothing);
  });

  it.each<[string, string | RegExp]>([
    ['not json', 'it is "not json"; it must be a JSON object on one line'],
    ['[1]', 'it is [1]; it must be a JSON object on one line'],
    ['null', 'it is null; it must be a JSON object on one line'],
    [
      '{"ok": NaN}',
      'it is "{\\"ok\\": NaN}"; it must be a JSON object on one line, and JSON has neither NaN nor Infinity',
    ],
    ['{}', 'feature is missing; every line needs feature, subject, processor and ok'],
    [line({ subject: null }), 'subject is missing; every line needs feature, subject, processor and ok'],
    [line({ durationMs: 3 }), '"durationMs" is not a field; did you mean duration_ms?'],
    [line({ __proto__x: 3 }), /is not a field; there are feature, subject, processor, ok/],
    [line({ ok: 'true' }), 'ok is "true"; it must be true or false, without quotes'],
    [line({ ok: 1 }), 'ok is 1; it must be true or false, without quotes'],
    [line({ arm: 'treated' }), /^arm is "treated"; it must be treatment, control or fallback/],
    [line({ processor: 'Inngest!' }), /^processor is "Inngest!"; it must be a name such as inngest/],
    [line({ processor: 7 }), /^processor is "7"; it must be a name/],
    [line({ feature: ['a'] }), /^feature is \["a"\]; it must be text/],
    [
      line({ subject: 1e21 }),
      /^subject is 1e\+21; it must be text \(put an id that is a long number in quotes\)/,
    ],
    [line({ subject: ' ' }), 'subject is empty'],
    [
      line({ subject: 'a\u0000b' }),
      'subject is "a\\u{0}b"; it must not contain the control character U+0000',
    ],
    [
      line({ subject: 'a\ud800' }),
      'subject is "a\\u{d800}"; it must not contain half of a surrogate pair (U+D800)',
    ],
    [line({ subject: ' r1' }), 'subject is " r1"; it must not begin or end with a space'],
    [
      line({ subject: 'x'.repeat(513) }),
      /^subject is "x+…"; it must have at most 512 characters, and has 513$/,
    ],
    [line({ id: 'a\u202eb' }), 'id is "a\\u{202e}b"; it must not contain the invisible character U+202E'],
    [line({ id: 'x'.repeat(10_000) }), 'id has 10000 characters; at most 200 are allowed'],
    [line({ error: { code: 1 } }), /^error is \{"code":1\}; it must be text/],
    [
      '{"feature":"checkout","subject":"r1","processor":"inngest","ok":true,"duration_ms":1e999}',
      /^duration_ms is null/,
    ],
    ...['24', '-1h', '1e9d', '15m'].map(
      (duration) =>
        [line({ duration_ms: duration }), /^duration_ms is ".*"; it must be a number of milliseconds/] as [
          string,
          RegExp,
        ],
    ),
    ...[-1, -0.001, 1e15].map(
      (duration) =>
        [
          line({ duration_ms: duration }),
          /^duration_ms is .*; it must be a number of milliseconds from 0/,
        ] as [string, RegExp],
    ),
    ...[
      '24',
      '-1h',
      '1e9d',
      'now',
      '2026-11-22',
      '2026-11-22T10:15:00',
      '2026-02-31T10:15:00Z',
      '2026-13-01T10:15:00Z',
      1_795_000_000,
    ].map(
      (at) =>
        [
          line({ finished_at: at }),
          /^finished_at is .*; it must be a time with its zone, such as 2026-11-22T10:15:00Z/,
        ] as [string, RegExp],
    ),
    [line({ finished_at: '2026-11-24T10:15:00Z' }), /more than a day ahead of 2026-11-22/],
    [line({ finished_at: '2026-01-01T10:15:00Z' }), /outcomes older than 90 days are not kept/],
  ])('the line %s is refused with what would be right', (text, expected) => {
    expect(problem(text)).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  it('a clock an hour ahead is accepted, and the database counts the job as now', () => {
    expect(read(line({ finished_at: '2026-11-22T11:15:00.123Z' }))).toMatchObject({
      finished_at: now.getTime() + 3_600_123,
    });
  });
});

describe('an error text', () => {
  it('an error text is cut at 300 whole characters', () => {
    const result = read(line({ ok: false, error: '😀'.repeat(10_000) }));
    expect('error' in result && Array.from(result.error ?? '')).toHaveLength(300);
    expect('error' in result && result.error).toBe('😀'.repeat(300));
  });

  it('an error text is stored without its secrets, and a refused one is reported without them', () => {
    const secret = 'postgresql://app:hunter2@db.example.com/app';
    expect(read(line({ ok: false, error: `cannot reach ${secret}` }))).toMatchObject({
      error: 'cannot reach postgresql://app:***@db.example.com/app',
    });
    for (const bad of [
      secret,
      line({ ok: secret }),
      line({ duration_ms: secret }),
      line({ arm: { secret } }),
    ]) {
      expect(problem(bad)).not.toContain('hunter2');
    }
  });
});
