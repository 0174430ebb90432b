import pg from 'pg';
import { standingOf } from '../../../src/domain/plan/change.ts';
import { applied } from '../../../src/domain/plan/decide/writes.ts';
import { exposureFacts } from '../../../src/domain/plan/reason.ts';
import { namesIn, resolveLists } from '../../../src/domain/spec/resolve.ts';
import type { Spec } from '../../../src/domain/spec/spec.ts';
import type { HistoryAction } from '../../../src/domain/spec/vocabulary.ts';
import { words } from '../../../src/report/kept.ts';
import { applyChange } from '../../../src/store/configuration/changes.ts';
import { lookUpNames } from '../../../src/store/registry/names.ts';
import type { IncomingSubject } from '../../../src/store/registry/staging.ts';
import { createStore, type Store } from '../../../src/store/store.ts';
import { atEnd } from '../run/at-end.ts';
// As a value too: its databases must be dropped after the roles of this file, so it registers first.
import '../database/database.ts';
import type { TestDatabase } from '../database/database.ts';
import { spec } from './specs.ts';

/** Puts a feature into the database as a reconcile of a file with this spec would. */
export async function applyFeature(
  pool: pg.Pool,
  feature: string,
  overrides: Partial<Spec> = {},
  action: HistoryAction = 'updated',
): Promise<void> {
  const wanted = spec({ salt: feature, ...overrides });
  const names = await lookUpNames(pool, namesIn(wanted));
  const by = { actor: 'ada', revision: 'c0ffee', words };
  await applyChange(pool, feature, by, ({ actual }) => {
    const write = applied(
      actual,
      { spec: wanted, resumes: null, ...resolveLists(wanted, actual?.resolved ?? {}, names) },
      actual ? action : 'created',
    );
    const standing = standingOf({ ...wanted, active: true, emergency_stop: false });
    return {
      feature,
      action: actual ? 'update' : 'create',
      from: standing,
      to: standing,
      file: standing,
      before: actual?.columns ?? null,
      after: write.exposure,
      subject: wanted.subject,
      subject_before: actual?.settings.subject ?? null,
      held: false,
      incident: null,
      reason: { code: 'created', exposure: exposureFacts(wanted) },
      warnings: [],
      differences: [],
      write,
    };
  });
}

/** A repository as a file gives it. */
export function repository(id: string, rest: Partial<IncomingSubject> = {}): Omit<IncomingSubject, 'line'> {
  return {
    id,
    name: null,
    star_count: 0,
    contributor_count: 0,
    pr_count: 0,
    attributes: null,
    ...rest,
  };
}

const EVERY_COLUMN = {
  id: true,
  name: true,
  star_count: true,
  contributor_count: true,
  pr_count: true,
  attributes: false,
};

/** Imports repositories through the store, every column known. */
export function importRows(pool: pg.Pool, rows: Omit<IncomingSubject, 'line'>[], store?: Store) {
  const lines = rows.map((row, index) => ({ line: index + 2, ...row }));
  return (store ?? createStore(pool)).registry.importRepositories(
    { actor: 'ada', reason: 'import of a test' },
    EVERY_COLUMN,
    (async function* () {
      yield lines;
    })(),
    () => {},
  );
}

/** What history says, oldest first. */
export async function historyOf(pool: pg.Pool, feature: string | null = null): Promise<HistoryLine[]> {
  const { rows } = await pool.query<HistoryLine>(
    `select id::int, feature_name as feature, action, reason, triggered_by, session_role, epoch, metadata
     from rollout_history where $1::text is null or feature_name = $1 order by id`,
    [feature],
  );
  return rows;
}

interface HistoryLine {
  id: number;
  feature: string | null;
  action: HistoryAction;
  reason: string;
  triggered_by: string;
  session_role: string;
  epoch: number | null;
  metadata: Record<string, unknown>;
}

let members = 0;

/** The connections of a login role that is a member of `role` and nothing else; null: of a login without any grant. */
export async function memberOf(db: TestDatabase, role: string | null): Promise<pg.Pool> {
  members += 1;
  const name = `${role ?? 'nobody'}_member_${process.pid}_${members}`;
  await db.pool.query(`create role ${name} login password 'secret' ${role ? `in role ${role}` : ''}`);
  const url = new URL(db.connectionString);
  url.username = name;
  url.password = 'secret';
  const pool = new pg.Pool({ connectionString: url.href, max: 4 });
  pool.on('error', () => {});
  // Roles belong to the server: they outlive the database of a test file unless they are dropped.
  atEnd(async () => {
    await pool.end();
    // A session that was left takes its temporary tables with it only when the server has ended it.
    await db.pool.query('select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = $1', [
      name,
    ]);
    await db.pool.query(`drop owned by ${name} cascade; drop role ${name}`);
  });
  return pool;
}
