import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { applyFeature } from '../../helpers/data/features.ts';
import { record } from '../../helpers/data/traffic.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { cliHere } from '../../helpers/processes/cli.ts';

const FILE = 'version: 1\nfeatures:\n  checkout: { percentage: 10 }\n  search: { percentage: 10 }\n';

/** A folder with this file and nothing else. */
function folderWith(content = FILE): string {
  const folder = mkdtempSync(join(inject('folder'), 'simulate-'));
  writeFileSync(join(folder, 'rollout.yaml'), content);
  return folder;
}

const GIVEN = ['--jobs-per-hour', '2', '--error-rate', '1', '--runs', '10'];

describe('without a database', () => {
  test('simulate without a database prints what is found and missed, and creates no database', async () => {
    const cwd = folderWith();
    const { code, stdout, stderr } = await cliHere(['simulate', 'checkout', ...GIVEN], { cwd });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^checkout {2}limit 5%, warned from 2.5%, at least 10 jobs; judged by: sequential$/m,
    );
    expect(stdout).toMatch(
      /^- at 2 jobs\/h a rise to 10% is found in \d+% of two-day runs: (practically invisible|hardly visible|mostly missed)/m,
    );
    expect(stdout).toMatch(/^ +10% {2}plain 24 h rule /m);
    expect(stdout).toContain('jobs were simulated as failing independently');
    expect(stdout).not.toContain('search');
    expect(existsSync(join(cwd, '.rollout'))).toBe(false);
  });

  test('simulate --json has the same content in a fixed shape, and is the same for a seed', async () => {
    const cwd = folderWith();
    const args = ['simulate', ...GIVEN, '--seed', '7', '--json'];
    const [first, second] = await Promise.all([cliHere(args, { cwd }), cliHere(args, { cwd })]);
    expect(first.stdout).toBe(second.stdout);
    const { features, ...head } = JSON.parse(first.stdout);
    expect(head).toEqual({ file: 'rollout.yaml', seed: 7, problems: [] });
    expect(features.map(({ feature }: { feature: string }) => feature)).toEqual(['checkout', 'search']);
    const [checkout] = features;
    expect(Object.keys(checkout)).toEqual([
      'feature',
      'analysis',
      'thresholds',
      'traffic',
      'runs',
      'rules',
      'back_test',
      'guardrails',
      'sentences',
    ]);
    expect(checkout).toMatchObject({
      analysis: 'sequential',
      traffic: {
        source: 'given',
        jobs_per_hour: 2,
        error_rate: 1,
        control: null,
        jobs_together: 1,
        measured: null,
      },
      runs: 10,
      back_test: null,
    });
    for (const rule of [checkout.rules.sequential, checkout.rules.threshold]) {
      expect(Object.keys(rule)).toEqual(['false_rollbacks', 'faults', 'half_found_rate', 'soak']);
      expect(rule.false_rollbacks.map(({ rate }: { rate: number }) => rate)).toEqual([1, 4.5]);
      expect(Object.keys(rule.faults[0])).toEqual([
        'rate',
        'found_within_48h',
        'warned_within_48h',
        'median_hours',
        'p90_hours',
        'median_failed_jobs',
        'runs',
      ]);
      expect(rule.soak).toMatchObject({
        doubled_rate: 2,
        hours: null,
        problem: 'doubled_under_warning_rate',
      });
    }
    expect(checkout.sentences.length).toBeGreaterThan(5);
  });

  test.each([
    [['--jobs-per-hour', '-1'], '--jobs-per-hour'],
    [['--jobs-per-hour', 'many'], 'it must be a number from 0 to 1000000'],
    [['--error-rate', '101'], 'it must be a number from 0 to 100'],
    [['--runs', '0'], 'it must be a whole number from 1 to 100000'],
    [['--runs', '2.5'], 'it must be a whole number from 1 to 100000'],
    [['--seed', 'x'], 'it must be a whole number from 0'],
    [['--jobs-together', '0.5'], 'it must be a number from 1 to 1000'],
    [['--jobs-per-hour', '2'], 'also pass --error-rate'],
    [['--error-rate', '2'], 'also pass --jobs-per-hour'],
    [['--control-jobs-per-hour', '2'], 'also pass --jobs-per-hour and --error-rate'],
    [[], 'there is no database to measure the traffic in'],
    [['--file', 'nowhere.yaml', ...GIVEN], 'there is no file nowhere.yaml'],
    [['chekout', ...GIVEN], 'rollout.yaml has no feature "chekout"'],
  ])('simulate refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await cliHere(['simulate', ...args], { cwd: folderWith() });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });

  test('simulate reports a broken feature, simulates the others and exits with 1', async () => {
    const cwd = folderWith(`${FILE}  broken: { percentage: 101 }\n`);
    const { code, stdout, stderr } = await cliHere(
      ['simulate', '--jobs-per-hour', '0', '--error-rate', '0'],
      {
        cwd,
      },
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^rollout.yaml:5:\d+: error: /m);
    expect(stdout.match(/without jobs nothing can be seen/g)).toHaveLength(2);
  });

  test('simulate accepts limits at both ends of their range', async () => {
    const limit = (rate: number) =>
      `version: 1\nfeatures:\n  tight: { thresholds: { max_error_rate: ${rate} } }\n`;
    const args = ['simulate', '--jobs-per-hour', '20', '--error-rate', '100', '--runs', '5'];
    const total = await cliHere(args, { cwd: folderWith(limit(0.01)) });
    expect(total.code).toBe(0);
    expect(total.stdout).toContain(
      'the normal rate of 100% is over the limit of 0.01%: it is rolled back in 100%',
    );
    const never = await cliHere(args, { cwd: folderWith(limit(100)) });
    expect(never.stdout).toContain('a limit of 100% is never exceeded');
  });
});

describe('with a database', () => {
  test('simulate with a database measures the traffic and tests the file on the stored evidence', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'checkout', { percentage: 10 });
    const [row] = await db.rows<{ at: Date }>(`select date_bin('15 minutes', now(), 'epoch') as at`);
    const at = row?.at.getTime() ?? 0;
    const quarters = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => {
      return { minutesAgo: (Date.now() - at) / 60_000 + 15 * n, jobs: 20, errors: n === 1 ? 14 : 0 };
    });
    await record(db, 'checkout', ...quarters);
    const options = { cwd: folderWith(), env: { DATABASE_URL: db.connectionString } };
    const json = await cliHere(['simulate', '--runs', '5', '--json'], options);
    expect(json.code).toBe(0);
    const [checkout, search] = JSON.parse(json.stdout).features;
    expect(checkout.traffic).toMatchObject({ source: 'measured', measured: { jobs: 160, errors: 14 } });
    expect(checkout.back_test.fired).toMatchObject([{ verdict: 'harmful', reason_code: 'over_limit' }]);
    expect(new Date(checkout.back_test.fired[0].at).getTime()).toBe(at);
    expect(checkout.back_test.comparisons).toMatchObject([
      { epoch: 1, agreement: 'only_proposed', incident: null },
    ]);
    expect(search).toMatchObject({ traffic: null, rules: null, runs: null });
    const { stdout, code } = await cliHere(['simulate', 'checkout', '--runs', '5'], options);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'back-test over 160 jobs of 1 epoch in the last 30 days: 1 rollback, 0 warnings',
    );
    expect(stdout).toMatch(/epoch 1 {2}harmful {2}14 of 20 jobs failed/);
    expect(stdout).toMatch(/^traffic: \d+(\.\d+)? jobs\/h at 8.75%, no control, measured /m);
    const nothing = await cliHere(['simulate', 'search'], options);
    expect(nothing).toMatchObject({ code: 1, stdout: '' });
    expect(nothing.stderr).toContain('no finished treatment job of search is stored');
  });
});
