import { beforeAll, describe, expect, it } from 'vitest';
import { addRepositories, fileOf, type GitProject, gitProject } from '../../helpers/projects/project.ts';

/** What becomes of a column that somebody sets by SQL. */
type Fate =
  /** The next reconcile puts it back, and says so. */
  | 'put back'
  /** It takes something away: kept, with an incident. */
  | 'adopted'
  /** The database does not take it. */
  | 'refused'
  /** It exposes nobody and is left, with a row of history. */
  | 'noted'
  /** Whoever reads it finds out: `history verify`, or the next run that refuses to go on. */
  | 'found out'
  /** The controller writes it anew by itself; it decides nothing. */
  | 'of no matter';

const one = {
  percentage: 10,
  whitelist: ['acme/r1'],
  blacklist: ['acme/r2'],
  categories: ['small', 'medium', 'large'],
};
const FILE = fileOf(
  { one },
  { test_repositories: ['acme/r3'], freeze: [{ from: '2020-01-01', to: '2020-01-02', reason: 'moving' }] },
);

const FEATURE: Record<string, { set: string; fate: Fate }> = {
  id: { set: 'id = gen_random_uuid()', fate: 'noted' },
  feature_name: { set: `feature_name = 'other'`, fate: 'refused' },
  subject_type: { set: `subject_type = 'customer'`, fate: 'put back' },
  rollout_strategy: { set: `rollout_strategy = 'repository_size'`, fate: 'put back' },
  rollout_percentage: { set: 'rollout_percentage = 90', fate: 'put back' },
  is_active: { set: 'is_active = false', fate: 'adopted' },
  emergency_stop: { set: 'emergency_stop = true', fate: 'adopted' },
  categories: { set: 'categories = null', fate: 'put back' },
  target_repositories: { set: `target_repositories = '{r1,r9}'`, fate: 'put back' },
  excluded_repositories: { set: `excluded_repositories = '{}'`, fate: 'put back' },
  quarantined: { set: `quarantined = '{r9}'`, fate: 'of no matter' },
  denied: { set: `denied = '{}'`, fate: 'refused' },
  salt: { set: `salt = 'another'`, fate: 'put back' },
  audience: {
    set: `rollout_strategy = 'whitelist', audience = '{"strategy": "percentage", "where": {"plan": ["pro"]}}'`,
    fate: 'adopted',
  },
  max_error_rate: { set: 'max_error_rate = 90', fate: 'put back' },
  monitoring_window_hours: { set: 'monitoring_window_hours = 1', fate: 'put back' },
  auto_rollback_enabled: { set: 'auto_rollback_enabled = false', fate: 'put back' },
  metadata: { set: `metadata = '{"team": "web"}'`, fate: 'noted' },
  spec: { set: `spec = jsonb_set(spec, '{thresholds,max_error_rate}', '90')`, fate: 'put back' },
  spec_digest: { set: `spec_digest = 'c0ffee'`, fate: 'put back' },
  resolved: { set: `resolved = '{"acme/r1": "r9", "acme/r2": "r2"}'`, fate: 'put back' },
  revision: { set: `revision = 'c0ffee'`, fate: 'put back' },
  seal: { set: `seal = 'c0ffee'`, fate: 'put back' },
  epoch: { set: 'epoch = 0', fate: 'refused' },
  epoch_started_at: { set: `epoch_started_at = now() - interval '9 days'`, fate: 'refused' },
  step_started_at: { set: `step_started_at = now() - interval '9 days'`, fate: 'refused' },
  soak_exposed: { set: 'soak_exposed = 100000', fate: 'noted' },
  soak_entered: { set: 'soak_entered = -5', fate: 'noted' },
  archived_at: { set: 'archived_at = now()', fate: 'put back' },
  history_id: { set: 'history_id = 99', fate: 'found out' },
  history_digest: { set: `history_digest = '\\xff'`, fate: 'found out' },
  created_at: { set: `created_at = now() - interval '9 days'`, fate: 'noted' },
  updated_at: { set: `updated_at = now() - interval '9 days'`, fate: 'of no matter' },
};

const STATE: Record<string, { set: string; fate: Fate }> = {
  only_row: { set: 'only_row = false', fate: 'refused' },
  environment: { set: `environment = 'elsewhere'`, fate: 'found out' },
  generation: { set: 'generation = 1', fate: 'of no matter' },
  global_stop: { set: 'global_stop = true', fate: 'noted' },
  global_stop_reason: { set: `global_stop_reason = 'who knows'`, fate: 'noted' },
  global_stop_by: { set: `global_stop_by = 'nobody'`, fate: 'noted' },
  global_stop_at: { set: 'global_stop_at = now()', fate: 'noted' },
  test_repositories: { set: `test_repositories = '{r9}'`, fate: 'put back' },
  freezes: { set: `freezes = '[]'`, fate: 'put back' },
  policy: {
    set: `policy = '{"largest_raise": {}, "require": [], "hours": null, "largest_category_last": true}'`,
    fate: 'noted',
  },
  outcomes: { set: `outcomes = '{"by_subject": "off", "keep_days": null}'`, fate: 'noted' },
  subjects_whole_since: { set: 'subjects_whole_since = now()', fate: 'of no matter' },
  notify: {
    set: `notify = '[{"to": "slack", "severity": "info", "url_from": "ROLLOUT_NOTIFY_X", "token_from": null, "template": null, "owners": null, "features": null}]'`,
    fate: 'noted',
  },
  notified_history: { set: 'notified_history = 99', fate: 'of no matter' },
  revision: { set: `revision = 'c0ffee'`, fate: 'found out' },
  reconciled_at: { set: 'reconciled_at = null', fate: 'of no matter' },
  tick_holder: { set: `tick_holder = 'nobody'`, fate: 'of no matter' },
  tick_expires_at: { set: 'tick_expires_at = now()', fate: 'of no matter' },
  heartbeat_at: { set: 'heartbeat_at = now()', fate: 'of no matter' },
  source_tried_at: { set: 'source_tried_at = now()', fate: 'of no matter' },
  source_failing_since: { set: 'source_failing_since = now()', fate: 'of no matter' },
  history_id: { set: 'history_id = 99', fate: 'found out' },
  history_digest: { set: `history_digest = '\\xff'`, fate: 'found out' },
  deployments: { set: `deployments = '{"one": 1}'`, fate: 'of no matter' },
  plans_seen: { set: `plans_seen = 'c0ffee'`, fate: 'of no matter' },
};

const columnsOf = async ({ db }: GitProject, table: string) => {
  const rows = await db.rows<{ name: string }>(
    `select attname::text as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  );
  return rows.map(({ name }) => name).sort();
};

const cell = async ({ db }: GitProject, table: string, column: string) =>
  (await db.rows(`select to_jsonb(t) -> $1 as value from ${table} t`, [column]))[0]?.value;

/** Ids of the repositories that are in, as the database decides. */
const eligible = async ({ db }: GitProject) => {
  const rows = await db.rows<{ id: string }>(
    `select r.repository_id as id from repository_categories r
     where is_repository_eligible_for_rollout(r.repository_id, 'one') order by 1`,
  );
  return rows.map(({ id }) => id);
};

async function reconciled(): Promise<GitProject> {
  const world = await gitProject();
  await addRepositories(world.db, 40);
  await world.commit(FILE);
  await world.reconcile();
  return world;
}

/** Sets one column by SQL, reconciles, and holds what happened against its fate. */
async function expectFate(table: string, column: string, { set, fate }: { set: string; fate: Fate }) {
  const world = await reconciled();
  const before = await cell(world, table, column);
  const wereIn = await eligible(world);
  const edit = world.db.pool.query(`update ${table} set ${set}`);
  if (fate === 'refused') {
    await expect(edit).rejects.toThrow();
    return;
  }
  await edit;
  const notes = await world.history();
  if (fate === 'found out') {
    const found = (await world.verify()).valid
      ? await world.reconcile().catch((error: Error) => error)
      : null;
    expect(found === null || found instanceof Error).toBe(true);
    return;
  }
  const planned = await world.plan();
  const result = await world.reconcile();
  expect(result.changes.map(({ reason }) => reason)).toEqual(planned.changes.map(({ reason }) => reason));
  const said = JSON.stringify([
    result.changes.map(({ reason }) => reason),
    result.test_repositories,
    result.freezes,
  ]);
  if (fate === 'put back') {
    expect(await cell(world, table, column)).toEqual(before);
    expect(said).not.toBe('[[],{"added":[],"removed":[]},{"added":[],"removed":[]}]');
    expect(await eligible(world)).toEqual(wereIn);
    expect((await world.reconcile()).changes).toEqual([]);
  } else if (fate === 'adopted') {
    expect(await cell(world, table, column)).not.toEqual(before);
    expect(result.changes).toMatchObject([{ action: 'adopt_drift' }]);
  } else {
    expect(result.changes).toEqual([]);
    const still = await eligible(world);
    expect(still.filter((id) => !wereIn.includes(id))).toEqual([]);
    if (fate === 'noted') expect(notes.at(-1)?.reason).toMatch(/changed by SQL/);
  }
  expect((await world.verify()).valid).toBe(true);
}

describe('a column that somebody sets by SQL', () => {
  let world: GitProject;
  beforeAll(async () => {
    world = await reconciled();
  });

  it('the tables of this test name every column that somebody can set by SQL', async () => {
    expect(await columnsOf(world, 'rollout_configuration')).toEqual(Object.keys(FEATURE).sort());
    expect(await columnsOf(world, 'rollout_state')).toEqual(Object.keys(STATE).sort());
  });

  it.each(Object.entries(FEATURE))(
    'a change by SQL of the feature column %s is handled as listed',
    (column, edit) => expectFate('rollout_configuration', column, edit),
  );

  it.each(Object.entries(STATE))(
    'a change by SQL of the state column %s is handled as listed',
    (column, edit) => expectFate('rollout_state', column, edit),
  );
});

describe('names that SQL by hand gives to another', () => {
  const inList = async ({ db }: GitProject) =>
    (await db.rows('select target_repositories as w, resolved from rollout_configuration'))[0];
  const OWN = { w: ['r1'], resolved: { 'acme/r1': 'r1', 'acme/r2': 'r2' } };

  it('a name given another id by SQL, together with the list, admits nobody beyond the next reconcile', async () => {
    const world = await reconciled();
    await world.db.rows(
      `update rollout_configuration set resolved = resolved || '{"acme/r1": "r9"}', target_repositories = '{r9}'`,
    );
    const [change] = (await world.reconcile()).changes;
    expect(change?.reason).toMatchObject({ code: 'drift_repaired', repaired: ['whitelist', 'resolved'] });
    expect(await inList(world)).toEqual(OWN);
  });

  it('resolved names that do not match their seal are restored from history', async () => {
    const world = await reconciled();
    await world.db.rows(
      `update rollout_configuration set resolved = '{"acme/r1": "r9"}', target_repositories = '{r9}', seal = 'c0ffee'`,
    );
    await world.reconcile();
    expect(await inList(world)).toEqual(OWN);
  });

  it('erased ids of names are not looked up again after the name moved to another repository', async () => {
    const world = await reconciled();
    await world.db.rows(
      `update repository_categories set full_name = 'acme/moved' where repository_id = 'r1'`,
    );
    await world.db.rows(`update repository_categories set full_name = 'acme/r1' where repository_id = 'r9'`);
    for (const resolved of ['{}', '{"acme/r1": null, "acme/r2": "r2"}']) {
      await world.db.rows(`update rollout_configuration set resolved = $1`, [resolved]);
      await world.db.rows('select rollout_resolve_pending()');
      expect((await world.reconcile()).changes).toMatchObject([{ action: 'repair_drift' }]);
      expect(await inList(world)).toEqual(OWN);
    }
  });

  it('resolved names of a row that no file created are not adopted with the file', async () => {
    const world = await gitProject();
    await addRepositories(world.db, 9);
    await world.db.rows(
      `insert into rollout_configuration (feature_name, is_active, resolved) values ('one', true, '{"acme/r1": "r9"}')`,
    );
    await world.commit(FILE);
    await world.reconcile();
    expect(await inList(world)).toEqual(OWN);
  });

  it('a name resolved by SQL does not widen a held feature', async () => {
    const world = await gitProject();
    await addRepositories(world.db, 9);
    await world.commit(fileOf({ one: { percentage: 10, whitelist: ['acme/r1', 'acme/late'] } }));
    await world.reconcile();
    await world.db.rows('update rollout_configuration set rollout_percentage = 5');
    await world.reconcile();
    await world.db.rows(
      `update rollout_configuration set resolved = resolved || '{"acme/late": "r9"}', target_repositories = '{r1,r9}'`,
    );
    const [change] = (await world.reconcile()).changes;
    expect(change?.reason).toMatchObject({ repaired: ['whitelist', 'resolved'] });
    expect((await inList(world))?.w).toEqual(['acme/late', 'r1']);
  });
});
