import { describe, expect, it } from 'vitest';
import { firstFile, matchingFile } from '../../../src/app/setup/init.ts';
import { validate } from '../../../src/app/setup/validate.ts';
import { checksum, fileOf, type Project, project } from '../../helpers/projects/project.ts';

const insert = (db: Project['db'], rows: string) =>
  db.pool.query(
    `insert into rollout_configuration
       (feature_name, subject_type, rollout_strategy, rollout_percentage, is_active, emergency_stop, categories,
        target_repositories, excluded_repositories, salt, max_error_rate, monitoring_window_hours,
        auto_rollback_enabled)
     values ${rows}`,
  );

/** What a plan and a reconcile of the written file find to do. */
async function follow(one: Project) {
  const written = await matchingFile(one.controller.store);
  await one.write(written.text);
  const planned = await one.plan();
  const before = await one.history();
  const done = await one.reconcile();
  return { written, planned, done, rows: (await one.history()).length - before.length };
}

describe('the first file', () => {
  it('the first file is valid, explains each field and switches nothing on', () => {
    const { text, errors } = firstFile();
    expect(validate(text)).toMatchObject({ valid: true, features: 1 });
    expect(errors).toEqual([]);
    const fields = text.split('\n').filter((line) => /^ {4}[a-z]/.test(line));
    expect(fields.filter((line) => !line.includes('#'))).toEqual([
      '    description: What it does, in a sentence',
    ]);
    expect(text).toContain('percentage: 0');
  });
});

describe('the file written from a database', () => {
  it('a file written from a database has the rows inserted by hand, and its plan is empty', async () => {
    const one = await project();
    await insert(
      one.db,
      `('plain', 'repository', 'percentage', 12.34, true, false, null, '{}', '{}', '', 5, 24, true),
       ('listed', 'repository', 'percentage', 0.01, true, false, '{test,small}', '{r1,acme/x,"7e10","010","a: b # c"}', '{acme/y,no,"null"}', 'other salt', 5, 24, true),
       ('only_listed', 'repository', 'whitelist', 40, true, false, null, '{r1}', '{}', '', 5, 24, true),
       ('by_size', 'repository', 'repository_size', 75, true, false, '{medium}', '{}', '{}', '', 5, 24, true),
       ('thresholds', 'repository', 'percentage', 100, true, false, null, '{}', '{}', '', 0.07, 1.5, false),
       ('lenient', 'repository', 'percentage', 1, true, false, null, '{}', '{}', '', 99.99, 720, true),
       ('off', 'repository', 'percentage', 50, false, false, null, '{}', '{}', '', 5, 24, true),
       ('stopped', 'repository', 'percentage', 50, true, true, null, '{}', '{}', '', 5, 24, true),
       ('customers', 'customer', 'percentage', 10, true, false, null, '{c/1,"c 2"}', '{Acme/Z}', '', 5, 1, true),
       ('a-b_c9', 'repository', 'percentage', 0, true, false, null, '{}', '{}', '', 5, 24, true)`,
    );
    await one.db.pool.query(`update rollout_state set test_repositories = '{acme/a,"12"}'`);
    const { written, planned, done } = await follow(one);
    expect(written).toMatchObject({ errors: [], features: 10 });
    expect(validate(written.text)).toMatchObject({ valid: true });
    expect(planned).toMatchObject({ changes: [], test_repositories: { added: [], removed: [] } });
    expect(done.changes).toEqual([]);
    expect(done.adopted).toHaveLength(10);
    const before = await checksum(one.db);
    expect(await one.reconcile()).toMatchObject({ changes: [], adopted: [] });
    expect(await checksum(one.db)).toEqual(before);
  });

  it('a file written from a database has duplicates once and lists in order, and its plan is empty', async () => {
    const one = await project();
    await insert(
      one.db,
      `('both', 'repository', 'percentage', 5, true, false, '{small,test}', '{r1,r2}', '{r2,r3,Acme/X}', '', 5, 24, true)`,
    );
    const { written, planned } = await follow(one);
    expect(written.errors).toEqual([]);
    expect(planned.changes.map(({ reason }) => reason)).toEqual([]);
  });

  it('a file written from a database has every field of the file that was reconciled', async () => {
    const one = await project();
    await one.apply(
      fileOf(
        {
          everything: {
            ...{ description: 'One: "two"\n\tthree # four', owner: '@acme/web', subject: 'repository' },
            ...{
              paused: true,
              percentage: 25,
              categories: ['test', 'small'],
              whitelist: ['acme/r1', '7e10'],
            },
            ...{ blacklist: ['acme/R2'], salt: 'old: name', analysis: 'threshold', advance: 'pull_request' },
            thresholds: {
              max_error_rate: 4,
              minimum_jobs: 20,
              window: '90m',
              job_timeout: { inngest: '90s', github_actions: '3h' },
              design_effect: 2,
            },
            rollback: { enabled: false, via: 'pull_request', on_shared_outage: 'rollback' },
            steps: [
              { percentage: 10, soak: '24h' },
              { percentage: 25, soak: '36h' },
              { percentage: 100, approve: true },
            ],
            routing: {
              fallback: 'inngest',
              realtime: 'inngest',
              bulk: 'github_actions',
              recent_days: 2,
              small_batch: 5,
              large_batch: 20,
            },
            costs: { inngest: { per_job: 0.0005 }, github_actions: { per_minute: 0.008 } },
          },
          pilot: { subject: 'customer', percentage: 1, steps: 'pilot', whitelist: ['c1'] },
          listed: { strategy: 'whitelist', whitelist: ['acme/r3'], steps: 'playbook' },
          gone: { active: false },
        },
        { environment: 'staging', test_repositories: ['acme/a'] },
      ),
    );
    await one.db.pool.query(
      `insert into repository_categories (repository_id, full_name) values ('r3', 'acme/r3')`,
    );
    const { written, planned, rows } = await follow(one);
    expect(written.errors).toEqual([]);
    expect(written.text).toContain('steps: pilot');
    expect(planned.changes).toEqual([]);
    expect(rows).toBe(0);
  });

  it('a file written from a database omits archived and unnamable features, and mentions untrusted ones', async () => {
    const one = await project();
    await one.apply(fileOf({ kept: {}, gone: { active: false } }));
    await one.apply(fileOf({ kept: {} }));
    const hostile = 'Evil\n  injected:\n    percentage: 100\n# \u001b[31m';
    await one.db.pool.query(`insert into rollout_configuration (feature_name) values ($1)`, [hostile]);
    const { written } = await follow(one);
    expect(written).toMatchObject({ errors: [], features: 1, left_out: [hostile] });
    const line = written.text.split('\n').find((each) => each.includes('left out'));
    expect(line).toMatch(
      /^ {2}# "Evil\\n {2}injected:\\n {4}percenta.*" is left out: a key begins with a lower-case letter/,
    );
    expect(written.text).not.toContain('\u001b');
  });

  it('the name of an environment cannot inject anything into a file written from a database', async () => {
    const one = await project();
    const environment = 'prod\nfeatures:\n  evil: { percentage: 100 }\nx: "';
    await one.db.pool.query('update rollout_state set environment = $1', [environment]);
    const { text } = await matchingFile(one.controller.store);
    expect(text).not.toMatch(/^ {2}evil/m);
    expect(text).toContain('features: {}');
  });

  it('a file written from an empty database has no features', async () => {
    const one = await project();
    const { written, planned } = await follow(one);
    expect(written.features).toBe(0);
    expect(planned.changes).toEqual([]);
  });

  it('a file written from a database mentions values that no file may have, such as an error rate of 500%', async () => {
    const one = await project();
    await insert(
      one.db,
      `('odd', 'repository', 'percentage', 5, true, false, null, '{}', '{}', '', 500, 0, true)`,
    );
    const { errors } = await matchingFile(one.controller.store);
    expect(errors).toEqual([
      expect.stringMatching(
        /^line \d+, features\.odd\.thresholds\.max_error_rate: thresholds\.max_error_rate is 500/,
      ),
      expect.stringMatching(/^line \d+, features\.odd\.thresholds\.window: /),
    ]);
  });
});
