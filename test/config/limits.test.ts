import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/read/parse.ts';

const file = (features: string) => `version: 1\nfeatures:\n${features}`;
const many = (count: number, line: (i: number) => string) => Array.from({ length: count }, (_, i) => line(i));

describe('a file with more problems than anybody reads', () => {
  it('lists the first thousand and counts the rest', () => {
    const features = many(3_000, (i) => `  f${i}: { percentage: 101 }`).join('\n');
    const { problems } = parseConfig(file(features));
    expect(problems).toHaveLength(1_001);
    expect(problems[0]).toMatchObject({ line: 3, path: 'features.f0.percentage' });
    expect(problems.at(-1)).toEqual({
      severity: 'error',
      path: '',
      line: 1_002,
      column: 23,
      message: '2000 more errors are not listed; fix the first 1000 and validate again',
    });
  });

  it('lists exactly a thousand without a word about more', () => {
    const features = many(1_000, (i) => `  f${i}: { percentage: 101 }`).join('\n');
    const { problems } = parseConfig(file(features));
    expect(problems).toHaveLength(1_000);
    expect(problems.every(({ message }) => message.startsWith('percentage is 101'))).toBe(true);
  });

  it('trusts no feature whose errors are not listed, and every feature without one', () => {
    const features = many(3_000, (i) => `  f${i}: { percentage: ${i % 2 === 0 ? 101 : 10} }`).join('\n');
    const { config, broken } = parseConfig(file(features));
    expect(config?.features.size).toBe(1_500);
    expect(config?.features.has('f2998')).toBe(false);
    expect(config?.features.get('f2999')).toMatchObject({ percentage: 10 });
    expect(broken.size).toBe(1_500);
    expect(broken.get('f2998')?.[0]?.message).toContain('are not listed');
    expect(broken.get('f2')?.[0]?.message).toContain('percentage is 101');
  });

  it('leaves out warnings before it leaves out an error', () => {
    const twice = many(3_000, () => '"acme/api"').join(', ');
    const { problems, config } = parseConfig(
      file(`  a: { whitelist: [${twice}] }\n  b: { percentage: 101 }`),
    );
    expect(config?.features.has('a')).toBe(true);
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      { path: 'features.b.percentage' },
    ]);
    expect(problems.at(-1)).toMatchObject({
      severity: 'warning',
      message: expect.stringMatching(/^2000 more warnings are not listed/),
    });
  });

  it.each([
    ['entries of one list', (n: number) => `  f:\n    whitelist: [${many(n, (i) => `${i}`).join(', ')}]`],
    ['unknown keys', (n: number) => `  f:\n${many(n, (i) => `    k${i}: 1`).join('\n')}`],
    ['steps', (n: number) => `  f: { steps: [${many(n, () => '{ percentage: 0, soak: 1w }').join(', ')}] }`],
    ['empty values', (n: number) => many(n, (i) => `  f${i}:`).join('\n')],
    ['keys that cannot be', (n: number) => many(n, (i) => `  F${i}: {}`).join('\n')],
    ['a key many times', (n: number) => many(n, () => '  f: {}').join('\n')],
    ['anchors', (n: number) => `  f: { whitelist: [${many(n, () => '&a b').join(', ')}] }`],
  ])('is read with 15,000 of one kind: %s', (_kind, features) => {
    const { problems, config } = parseConfig(file(features(15_000)));
    expect(problems).toHaveLength(1_001);
    expect(config?.features.size ?? 0).toBe(0);
  });

  it('keeps unknown keys in defaults from reaching the rules, however many they are', () => {
    const unknown = many(3_000, (i) => `  k${i}: 1`).join('\n');
    const text = `version: 1\ndefaults:\n${unknown}\n  thresholds: { max_error_rate: [] }\nfeatures: { f: {} }\n`;
    expect(parseConfig(text)).toMatchObject({ config: null, problems: { length: 1_001 } });
  });
});

describe('a file with very many features', () => {
  it('is read with 50,000', () => {
    const { config, problems } = parseConfig(file(many(50_000, (i) => `  f${i}: {}`).join('\n')));
    expect(config?.features.size).toBe(50_000);
    expect(problems).toEqual([]);
  });

  it('is refused with one more, in one sentence', () => {
    const { config, problems } = parseConfig(file(many(50_001, (i) => `  f${i}: {}`).join('\n')));
    expect(config).toBeNull();
    expect(problems).toEqual([
      {
        severity: 'error',
        path: 'features',
        line: 2,
        column: 1,
        message: 'features has 50001 entries; at most 50000 are allowed',
      },
    ]);
  });
});
