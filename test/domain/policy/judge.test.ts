import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../../src/config/read/parse.ts';
import { type Counted, type JudgedChange, judgePolicy } from '../../../src/domain/policy/judge.ts';
import { asResolved, exposureOf, type RolloutConfig } from '../../../src/domain/spec/spec.ts';

interface Row {
  what: string;
  before: object | null;
  after: object;
  breaks?: string[];
  counted?: {
    entering: number;
    job_share?: number;
    sizes?: [string | null, number, number, number, number?][];
  };
}

const rows = (name: string): Row[] =>
  parse(readFileSync(join(import.meta.dirname, '../../fixtures/policy', `${name}.yaml`), 'utf8'));

const POLICY = {
  largest_raise: { points: 25, subjects: 500, job_share: 20 },
  largest_category_last: true,
  require: ['owner', 'steps', 'rollback'],
};

function read(feature: object): { config: RolloutConfig; policy: NonNullable<RolloutConfig['policy']> } {
  const { config, problems } = parseConfig(
    JSON.stringify({ version: 1, policy: POLICY, features: { one: feature } }),
  );
  if (!config?.policy || !config.features.has('one')) throw new Error(JSON.stringify(problems));
  return { config, policy: config.policy };
}

function countedOf({ counted }: Row): Counted {
  if (!counted) return { counts: null, job_share: null };
  const { entering, job_share, sizes = [] } = counted;
  const named = sizes.map(([category, total, before, enter, barred = 0]) => ({
    category,
    total,
    before,
    entering: enter,
    leaving: 0,
    barred,
  }));
  return { counts: { entering, sizes: named }, job_share: job_share ?? null };
}

/** The codes of what a change breaks; the hours are those of the policy, if any. */
function broken(row: Row): string[] {
  const { config, policy } = read(row.after);
  const spec = config.features.get('one');
  const before = row.before && read(row.before).config.features.get('one');
  if (!spec) throw new Error('the feature is not in the file');
  const change: JudgedChange = {
    before: before ? asResolved(exposureOf(before)) : null,
    subject_before: before?.subject ?? null,
    spec_before: before ?? null,
    after: asResolved(exposureOf(spec)),
    spec,
    skips_steps: config.skips_steps.has('one'),
    ...countedOf(row),
  };
  return [...new Set(judgePolicy(policy, change, null).map(({ code }) => code))];
}

describe('a policy with every limit', () => {
  const risky = rows('risky');
  const ordinary = rows('ordinary');

  test('the policy is tested with 50 risky changes and 200 ordinary ones', () => {
    expect([risky.length, ordinary.length]).toEqual([50, 200]);
  });

  it.each(risky.map((row) => [row.what, row] as const))(
    'a policy with every limit stops a risky change: %s',
    (_what, row) => {
      expect(broken(row).sort()).toEqual([...(row.breaks ?? [])].sort());
    },
  );

  it.each(ordinary.map((row) => [row.what, row] as const))(
    'a policy with every limit allows an ordinary change: %s',
    (_what, row) => {
      expect(broken(row)).toEqual([]);
    },
  );
});

describe('the hours of a policy', () => {
  const hours = { days: ['mon' as const], from: '09:00', to: '16:00', zone: 'UTC' };
  const sunday = new Date('2026-11-22T12:00:00Z');
  const judged = (before: number, after: number, now: Date | null) => {
    const spec = (percentage: number) => {
      const found = read({ owner: 'a', steps: 'playbook', percentage }).config.features.get('one');
      if (!found) throw new Error('the feature is not in the file');
      return found;
    };
    const change = {
      before: asResolved(exposureOf(spec(before))),
      subject_before: 'repository' as const,
      spec_before: spec(before),
      after: asResolved(exposureOf(spec(after))),
      spec: spec(after),
      skips_steps: false,
      counts: null,
      job_share: null,
    };
    return judgePolicy({ ...read({}).policy, hours }, change, now);
  };

  it('hours of a policy delay a raise until they begin, and never delay a cut', () => {
    expect(judged(10, 25, sunday)).toEqual([
      { code: 'outside_hours', opens: new Date('2026-11-23T09:00:00Z'), zone: 'UTC' },
    ]);
    expect(judged(10, 25, new Date('2026-11-23T09:00:00Z'))).toEqual([]);
    expect(judged(25, 10, sunday)).toEqual([]);
    expect(judged(10, 25, null)).toEqual([]);
  });
});
