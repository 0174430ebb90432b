import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/read/parse.ts';

const said = (features: string) =>
  parseConfig(`version: 1\nfeatures:\n  f: { ${features} }\n`).problems.map(({ message }) => message);

describe('a number in another notation than people write', () => {
  it.each([
    ['percentage: 010', 'percentage is 010, which is read as 10; write 10'],
    ['percentage: 0x0A', 'percentage is 0x0A, which is read as 10; write 10'],
    ['percentage: 0o12', 'percentage is 0o12, which is read as 10; write 10'],
    ['percentage: 1e1', 'percentage is 1e1, which is read as 10; write 10'],
    ['percentage: +5', 'percentage is +5, which is read as 5; write 5'],
    ['percentage: .5', 'percentage is .5, which is read as 0.5; write 0.5'],
    ['percentage: 5.', 'percentage is 5., which is read as 5; write 5'],
    ['percentage: -0', 'percentage is -0, which is read as 0; write 0'],
    [
      'percentage: 5.00000000000000000001',
      'percentage is 5.00000000000000000001, which is read as 5; write 5',
    ],
    [
      'thresholds: { minimum_jobs: 0100 }',
      'thresholds.minimum_jobs is 0100, which is read as 100; write 100',
    ],
    ['routing: { small_batch: 0x10 }', 'routing.small_batch is 0x10, which is read as 16; write 16'],
    [
      'costs: { inngest: { per_job: 1e-1 } }',
      'costs.inngest.per_job is 1e-1, which is read as 0.1; write 0.1',
    ],
    [
      'steps: [{ percentage: 01, soak: 24h }, { percentage: 50 }]',
      'steps[0].percentage is 01, which is read as 1; write 1',
    ],
  ])('the number in %s is refused with the notation that would be right', (features, message) => {
    expect(said(features)).toEqual([message]);
  });

  it.each([
    [
      'thresholds: { minimum_jobs: 1_000 }',
      'thresholds.minimum_jobs is "1_000"; it must be a whole number from 1 to 1000000; write 1000',
    ],
    ['percentage: 50%', 'percentage is "50%"; it must be a number from 0 to 100; write 50'],
    ['percentage: "12,5"', 'percentage is "12,5"; it must be a number from 0 to 100; write 12.5'],
    ['percentage: "10"', 'percentage is "10"; it must be a number from 0 to 100, without quotes'],
    ['percentage: 0b11', 'percentage is "0b11"; it must be a number from 0 to 100; write 3'],
    ['percentage: ten', 'percentage is "ten"; it must be a number from 0 to 100'],
    ['percentage: ~', 'percentage is ~; it must be a number from 0 to 100'],
    ['percentage: .inf', 'percentage is .inf; it must be a number from 0 to 100'],
    ['percentage: .nan', 'percentage is .nan; it must be a number from 0 to 100'],
    ['percentage: -010', 'percentage is -010; it must be from 0 to 100'],
    ['whitelist: [010]', 'whitelist[0] is 010, which YAML reads as a number; quote it: "010"'],
    ['active: yes', 'active is "yes"; it must be true or false'],
  ])('the value in %s gets one problem, although the schema finds one too', (features, message) => {
    expect(said(features)).toEqual([message]);
  });

  it.each([
    ['percentage: 10', 10],
    ['percentage: 10.0', 10],
    ['percentage: 5.50', 5.5],
    ['percentage: 0', 0],
    ['percentage: 0.07', 0.07],
    ['percentage: 100.00', 100],
  ])('the number in %s is in the usual notation and accepted', (features, percentage) => {
    const { config, problems } = parseConfig(`version: 1\nfeatures: { f: { ${features} } }\n`);
    expect(problems).toEqual([]);
    expect(config?.features.get('f')?.percentage).toBe(percentage);
  });

  it('a number in another notation is refused in version, in defaults and in a feature with other errors', () => {
    const text = 'version: 0x1\ndefaults: { thresholds: { window: 24h, minimum_jobs: 010 } }\nfeatures: {}\n';
    const { config, problems } = parseConfig(text);
    expect(config).toBeNull();
    expect(problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '1 version is 0x1, which is read as 1; write 1',
      '2 thresholds.minimum_jobs is 010, which is read as 10; write 10',
    ]);
  });
});
