import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/read/parse.ts';

const file = (features: string) => `version: 1\nfeatures:\n${features}`;
const many = (count: number, line: (i: number) => string) => Array.from({ length: count }, (_, i) => line(i));

describe('a file with more problems than anybody reads', () => {
  it('a file with more than a thousand problems lists the first thousand and counts the rest', () => {
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

  it('a file with exactly a thousand problems lists them and mentions no more', () => {
    const features = many(1_000, (i) => `  f${i}: { percentage: 101 }`).join('\n');
    const { problems } = parseConfig(file(features));
    expect(problems).toHaveLength(1_000);
    expect(problems.every(({ message }) => message.startsWith('percentage is 101'))).toBe(true);
  });

  it('a feature with unlisted errors is not trusted, and every feature without errors is', () => {
    const features = many(3_000, (i) => `  f${i}: { percentage: ${i % 2 === 0 ? 101 : 10} }`).join('\n');
    const { config, broken } = parseConfig(file(features));
    expect(config?.features.size).toBe(1_500);
    expect(config?.features.has('f2998')).toBe(false);
    expect(config?.features.get('f2999')).toMatchObject({ percentage: 10 });
    expect(broken.size).toBe(1_500);
    expect(broken.get('f2998')?.[0]?.message).toContain('are not listed');
    expect(broken.get('f2')?.[0]?.message).toContain('percentage is 101');
  });

  it('warnings are left out of a long list of problems before any error is', () => {
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
  ])('a file with 15,000 problems of one kind is read: %s', (_kind, features) => {
    const { problems, config } = parseConfig(file(features(15_000)));
    expect(problems).toHaveLength(1_001);
    expect(config?.features.size ?? 0).toBe(0);
  });

  it('unknown keys in defaults do not reach the rules, however many they are', () => {
    const unknown = many(3_000, (i) => `  k${i}: 1`).join('\n');
    const text = `version: 1\ndefaults:\n${unknown}\n  thresholds: { max_error_rate: [] }\nfeatures: { f: {} }\n`;
    expect(parseConfig(text)).toMatchObject({ config: null, problems: { length: 1_001 } });
  });
});

describe('a file with very many features', () => {
  it('a file with 50,000 features is read', () => {
    const { config, problems } = parseConfig(file(many(50_000, (i) => `  f${i}: {}`).join('\n')));
    expect(config?.features.size).toBe(50_000);
    expect(problems).toEqual([]);
  });

  it('a file with more than 50,000 features is refused in one sentence', () => {
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
