import type pg from 'pg';
import { inventPast, type PastFeature } from './report-world.ts';

const STEPS = [
  { percentage: 10, soak: '24h' },
  { percentage: 25, soak: '48h' },
  { percentage: 50, soak: '72h' },
  { percentage: 100 },
];
const COSTS = { inngest: { per_job: 0.0005 }, github_actions: { per_minute: 0.008 } };
const COMMON = { owner: '@acme/data', steps: STEPS, costs: COSTS };

/** Specs of ten features, each of which comes to be in another state. */
const SPECS: Record<string, object> = {
  hybrid_progressive_capture: {
    ...COMMON,
    description: 'Route capture jobs to Inngest and GitHub Actions',
    percentage: 25,
    whitelist: ['acme/r1', 'acme/r2'],
    advance: 'pull_request',
  },
  incremental_sync: { ...COMMON, description: 'Only what changed since the last run', percentage: 100 },
  billing_export: {
    ...COMMON,
    description: 'Invoices by the new exporter',
    percentage: 50,
    advance: 'commit',
  },
  search_index: { ...COMMON, description: 'Index pull requests as they come', percentage: 50 },
  workspace_cache: { ...COMMON, description: 'Keep checkouts between jobs', percentage: 25 },
  legacy_import: { ...COMMON, description: 'The old importer, for those who ask', percentage: 10 },
  partner_invites: {
    description: 'Invite partners',
    subject: 'customer',
    strategy: 'whitelist',
    whitelist: ['c1', 'c2'],
  },
  size_bands: {
    ...COMMON,
    description: 'Larger repositories last',
    strategy: 'repository_size',
    percentage: 50,
  },
  review_hints: { ...COMMON, description: 'Hints in reviews', percentage: 10, paused: true },
  dark_launch: { description: '</script><img src=x onerror="alert(2)">', active: false },
};

const created = (daysAgo: number, percentage: number) => ({
  ...{ daysAgo, percentage, action: 'created' },
  reason: `new in the file: on at ${percentage}%`,
});
const raised = (daysAgo: number, percentage: number) => ({
  ...{ daysAgo, percentage, action: 'advanced', by: 'rollout[bot]' },
  reason: `percentage raised to ${percentage}: healthy for the whole soak`,
});

const PASTS: readonly PastFeature[] = [
  {
    feature: 'hybrid_progressive_capture',
    past: [created(21, 1), raised(14, 5), raised(9, 10), raised(1.2, 25)],
    ...{ jobsPerHour: 420, errorRate: 1.1, controlErrorRate: 1.2 },
    verdict: {
      verdict: 'healthy',
      code: 'healthy',
      reason: '28 of 2,410 jobs failed (1.16%), not over the warning rate of 2.5%',
    },
  },
  {
    feature: 'incremental_sync',
    past: [created(80, 10), raised(70, 25), raised(60, 50), raised(31, 100)],
    ...{ jobsPerHour: 160, errorRate: 0.2, meanMs: { treatment: 900, control: 2_600 } },
    verdict: { verdict: 'healthy', code: 'healthy', reason: '9 of 3,800 jobs failed (0.24%)' },
  },
  {
    feature: 'billing_export',
    past: [created(12, 10), raised(9, 25), raised(4, 50)],
    ...{ jobsPerHour: 90, errorRate: 1, controlErrorRate: 0.9, lately: { hours: 9, errorRate: 4.1 } },
    verdict: {
      ...{ verdict: 'warning', code: 'over_warning_rate', severity: 'warning', absolute: 2.1, relative: 3.4 },
      reason:
        '19 of 402 jobs failed since 03:00 (4.73%), over the warning rate of 2.5%: evidence 340 to 1, 100 needed',
    },
  },
  {
    feature: 'search_index',
    past: [created(20, 10), raised(15, 25), raised(6, 50)],
    ...{ jobsPerHour: 120, errorRate: 0.6, controlErrorRate: 0.5, lately: { hours: 14, errorRate: 3.4 } },
    verdict: {
      ...{ verdict: 'suspect', code: 'worse_than_control', severity: 'error', absolute: 1.2, relative: 8.9 },
      reason:
        'treatment fails 5.1 times as often as control: evidence 7300 to 1, 2000 needed; under the limit of 5%',
    },
  },
  {
    feature: 'workspace_cache',
    past: [
      created(9, 10),
      raised(5, 25),
      {
        daysAgo: 0.4,
        percentage: 0,
        action: 'rollback',
        by: 'rollout tick',
        reason: '31 of 214 jobs failed (14.5%), over the limit of 5%',
      },
    ],
    ...{ jobsPerHour: 110, errorRate: 1.3, lately: { hours: 14, errorRate: 15 } },
    verdict: {
      ...{ verdict: 'harmful', code: 'over_limit', severity: 'critical', absolute: 11.8, relative: 9.6 },
      reason: '31 of 214 jobs failed (14.5%), over the limit of 5%: evidence 130000 to 1, 2000 needed',
    },
  },
  {
    feature: 'legacy_import',
    past: [
      created(40, 10),
      { daysAgo: 0.01, percentage: 0, action: 'emergency_stop', reason: 'the vendor is down' },
    ],
    ...{ jobsPerHour: 40, errorRate: 1 },
  },
  {
    feature: 'partner_invites',
    past: [created(3, 100)],
    jobsPerHour: 0,
    errorRate: 0,
    verdict: {
      verdict: 'no_data',
      code: 'no_treated_jobs',
      reason: 'no job of the treatment arm has finished',
    },
  },
  {
    feature: 'size_bands',
    past: [created(0.2, 50)],
    ...{ jobsPerHour: 3, errorRate: 0.5 },
    verdict: {
      verdict: 'insufficient',
      code: 'too_few_jobs',
      reason: '7 of 10 jobs have finished: 3 are missing',
    },
  },
  { feature: 'review_hints', past: [created(10, 10)], jobsPerHour: 60, errorRate: 0.8 },
  { feature: 'dark_launch', past: [created(70, 0)], jobsPerHour: 0, errorRate: 0 },
];

/** The rollback of one feature and the stop of another, as the controller leaves them. */
async function inventIncidents(pool: pg.Pool): Promise<void> {
  await pool.query(
    `select rollout_emergency_stop('legacy_import', 'the vendor is down <script>alert(1)</script>')`,
  );
  await pool.query(
    `update rollout_configuration set is_active = false, rollout_percentage = 0 where feature_name = 'workspace_cache'`,
  );
  await pool.query(
    `insert into rollout_incidents (feature_name, kind, severity, reason, evidence, held, before, opened_at, opened_by,
       write_back, write_back_pull_request)
     select feature_name, 'rollback', 'critical',
       '31 of 214 jobs failed (14.5%), over the limit of 5%: evidence 130000 to 1, 2000 needed',
       jsonb_build_object('scope', 'all', 'jobs', 1840, 'errors', 52,
         'scores', '{"absolute": 11.8, "relative": 9.6, "warning": 19.2, "critical": 5.3}'::jsonb,
         'window', jsonb_build_object('since', floor(extract(epoch from now() - interval '14 hours') / 60), 'jobs', 214,
           'errors', 31, 'controlJobs', 720, 'controlErrors', 9)),
       rollout_exposure(c) || '{"active": false, "percentage": 0}', rollout_exposure(c) || '{"active": true, "percentage": 25}',
       now() - interval '9 hours 36 minutes', 'rollout tick', 'proposed', 214
     from rollout_configuration c where feature_name = 'workspace_cache'`,
  );
  await pool.query(
    `insert into rollout_incidents (feature_name, kind, state, severity, reason, held, before, opened_at, opened_by,
       settled_at, settled_by, resumed_at, resumed_by, write_back, write_back_commit)
     select feature_name, 'rollback', 'resumed', 'warning', '12 of 90 jobs failed (13.3%), over the limit of 5%',
       rollout_exposure(c) || '{"active": false, "percentage": 0}', rollout_exposure(c) || '{"percentage": 10}',
       now() - interval '11 days', 'rollout tick', now() - interval '10 days 23 hours', md5('settled'),
       now() - interval '10 days', 'github:mara', 'done', md5('settled')
     from rollout_configuration c where feature_name = 'hybrid_progressive_capture'`,
  );
}

/** Ten features, each in another state, with the past that brought them there, and 1,250 repositories. */
export async function inventTenFeatures(
  pool: pg.Pool,
  apply: (text: string) => Promise<unknown>,
): Promise<void> {
  await pool.query(
    `insert into repository_categories (repository_id, full_name, star_count, contributor_count, pr_count)
     select 'r' || n, 'acme/r' || n, (array[0, 40, 400, 4000, 40000])[1 + n % 5], 1, 1
     from generate_series(1, 1250) n`,
  );
  await pool.query('select from categorize_all_repositories()');
  await pool.query(`insert into rollout_customers (customer_id) values ('c1'), ('c2'), ('c3')`);
  // JSON is YAML.
  await apply(JSON.stringify({ version: 1, environment: 'production', features: SPECS }));
  await inventIncidents(pool);
  await inventPast(pool, PASTS);
}
