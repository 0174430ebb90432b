import type { TestDatabase } from '../helpers/database/database.ts';
import type { Columns, Values } from './admission.ts';
import type { WrittenPolicy } from './file.ts';

/** What the database says after a step, read in a few statements. */
export interface Facts {
  /** The database's clock, in milliseconds since 1970. */
  now: number;
  revision: string | null;
  stopped: boolean;
  generation: number;
  tests: string[];
  /** That of the file reconciled last. */
  policy: WrittenPolicy | null;
  /** Features of which the database keeps an entry that the policy refused and nobody let through. */
  refused: string[];
  features: Map<string, Feature>;
  incidents: Incident[];
  history: { entries: number; last: Map<string, number>; valid: boolean; problem: string | null };
  /** By feature, `repository r1`: whom the database's own function admits. */
  eligible: Map<string, Set<string>>;
  categories: Map<string, string | null>;
  jobs: { feature: string; arm: string; jobs: number; errors: number }[];
  /** By id of a routed job: open, finished or timed_out. */
  stamps: Map<string, string>;
}

export interface Feature {
  columns: Columns;
  spec: Record<string, unknown> | null;
  specDigest: string | null;
  /** Who the names of the lists were found to mean; null: nobody. */
  resolved: Record<string, string | null>;
  /** Commit by which the feature was last changed; null: by none. */
  revision: string | null;
  epoch: number;
  /** When the present soak began, in milliseconds since 1970. */
  soakBegan: number;
  archived: boolean;
}

export interface Incident {
  id: number;
  feature: string;
  state: string;
  kind: string;
  /** Who opened it. */
  by: string;
  writeBack: string;
}

/** Outcomes older than this are left to the tidying up. */
export const KEPT = `interval '5 days 7 minutes 30 seconds'`;

/** What changes with every write into the tables: rows written later have younger transactions. */
const marked = (...tables: string[]) =>
  tables
    .map((table) => `(select count(*) || '/' || coalesce(max(xmin::text::bigint), 0) from ${table})`)
    .join(` || ' ' || `);

const READ = `
  select extract(epoch from clock_timestamp()) * 1000 as now, s.revision, s.global_stop as stopped, s.generation::float8 as generation, s.test_repositories as tests, s.policy,
    (select coalesce(json_agg(c order by c.feature_name), '[]') from rollout_configuration c) as features,
    (select coalesce(json_agg(json_build_object('id', i.id, 'feature', i.feature_name, 'state', i.state, 'kind', i.kind, 'by', i.opened_by,
       'writeBack', i.write_back) order by i.id), '[]') from rollout_incidents i) as incidents,
    (select coalesce(json_agg(j), '[]') from (
       select feature_name as feature, arm, sum(total_jobs) as jobs, sum(error_count) as errors
       from rollout_evidence where window_start > now() - ${KEPT} group by 1, 2) j) as jobs,
    (select coalesce(json_object_agg(id, state), '{}') from rollout_jobs) as stamps,
    (select coalesce(json_agg(feature_name), '[]') from rollout_refusals where allowed is null and ended_at is null) as refused,
    ${marked('rollout_history', 'rollout_state', 'rollout_configuration')} as chain,
    ${marked('rollout_configuration', 'rollout_state', 'repository_categories', 'rollout_customers')} as audience
  from rollout_state s`;

/** What is dear to ask, and stays what it was while nobody wrote into the tables that it is made of. */
const CHAIN = `
  select (select json_build_object('valid', v.valid, 'entries', v.entries, 'problem', v.problem)
       from rollout_verify_history() v) as verified,
    (select coalesce(json_object_agg(h.feature_name, h.rows), '{}') from (
       select feature_name, count(*) as rows from rollout_history where feature_name is not null group by 1) h) as rows`;
const AUDIENCE = `
  select (select coalesce(json_object_agg(repository_id, category), '{}') from repository_categories) as categories,
    (select coalesce(json_object_agg(e.feature_name, e.who), '{}') from (
       select c.feature_name, coalesce(json_agg(u.subject_type || ' ' || u.subject_id), '[]') as who
       from rollout_configuration c
       join rollout_subjects u on u.subject_type = c.subject_type
       cross join lateral rollout_evaluate(c.feature_name, u.subject_id) d
       where d.eligible group by 1) e) as eligible`;

interface Row {
  feature_name: string;
  subject_type: string;
  is_active: boolean;
  emergency_stop: boolean;
  rollout_strategy: string;
  rollout_percentage: number;
  categories: string[] | null;
  target_repositories: string[];
  excluded_repositories: string[];
  salt: string;
  audience: {
    strategy: string;
    where?: Values;
    not?: Values;
    group_by?: string;
    whitelist?: string[];
    blacklist?: string[];
  } | null;
  spec: Record<string, unknown> | null;
  spec_digest: string | null;
  resolved: Record<string, string | null>;
  revision: string | null;
  epoch: number;
  step_started_at: string;
  archived_at: string | null;
}

/** Without what says who was told of them: after a stop over HTTP that is done a moment later. */
const INCIDENTS = `(select coalesce(json_agg(json_build_array(id, state, held, permit, write_back) order by id), '[]')::text
  from rollout_incidents)`;

/** What every write into the database that anybody decides by changes. */
export async function markOf(db: TestDatabase): Promise<string> {
  const tables = ['rollout_configuration', 'rollout_state', 'rollout_history'];
  const others = [
    'repository_categories',
    'rollout_customers',
    'rollout_evidence',
    'rollout_jobs',
    'rollout_refusals',
  ];
  const [row] = await db.rows<{ mark: string }>(
    `select ${marked(...tables, ...others)} || ' ' || ${INCIDENTS} as mark`,
  );
  return row?.mark ?? '';
}

interface Chain {
  verified: { entries: string; valid: boolean; problem: string | null };
  rows: Record<string, number>;
}

interface WhoIsIn {
  categories: Record<string, string | null>;
  eligible: Record<string, string[]>;
}

/** The facts of one database, step after step. */
export class FactReader {
  readonly #db: TestDatabase;
  readonly #kept = new Map<string, { mark: string; row: object }>();

  constructor(db: TestDatabase) {
    this.#db = db;
  }

  async read(): Promise<Facts> {
    const [found] = await this.#db.rows(READ);
    if (!found) throw new Error('the database has no state');
    const { revision, stopped, generation, tests, policy, refused, incidents, jobs } = found;
    const { verified, rows } = await this.#once<Chain>(CHAIN, found.chain);
    const { categories, eligible } = await this.#once<WhoIsIn>(AUDIENCE, found.audience);
    return {
      ...{ now: Number(found.now), revision, stopped, generation, tests, policy, refused, incidents, jobs },
      features: new Map((found.features as Row[]).map((row) => [row.feature_name, featureOf(row)])),
      history: {
        entries: Number(verified.entries),
        last: new Map(Object.entries(rows)),
        valid: verified.valid,
        problem: verified.problem,
      },
      eligible: new Map(Object.entries(eligible).map(([f, who]) => [f, new Set(who)])),
      stamps: new Map(Object.entries(found.stamps as Record<string, string>)),
      categories: new Map(Object.entries(categories)),
    };
  }

  async #once<Found extends object>(sql: string, mark: string): Promise<Found> {
    const before = this.#kept.get(sql);
    if (before?.mark === mark) return before.row as Found;
    const [row] = await this.#db.rows<Found>(sql);
    if (!row) throw new Error('no answer');
    this.#kept.set(sql, { mark, row });
    return row;
  }
}

/** `acme/*` stands for an owner. */
export function ownersOf(list: readonly string[]): string[] {
  return list.filter((entry) => entry.endsWith('/*')).map((entry) => entry.slice(0, -2).toLowerCase());
}

function featureOf(row: Row): Feature {
  const { audience } = row;
  return {
    columns: {
      subject: row.subject_type,
      active: row.is_active,
      stopped: row.emergency_stop,
      // An older library sees the column, which then says less.
      strategy: audience?.strategy ?? row.rollout_strategy,
      percentage: Number(row.rollout_percentage),
      categories: row.categories,
      whitelist: row.target_repositories,
      blacklist: row.excluded_repositories,
      salt: row.salt,
      ...{ where: audience?.where ?? {}, not: audience?.not ?? {}, groupBy: audience?.group_by ?? null },
      ...{ ownersIn: ownersOf(audience?.whitelist ?? []), ownersOut: ownersOf(audience?.blacklist ?? []) },
    },
    spec: row.spec,
    specDigest: row.spec_digest,
    resolved: row.resolved,
    revision: row.revision,
    epoch: row.epoch,
    soakBegan: Date.parse(row.step_started_at),
    archived: row.archived_at !== null,
  };
}
