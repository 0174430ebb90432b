import { loadavg } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import Table from 'cli-table3';
import type pg from 'pg';
import { type Filter, narrowingOf } from '../../src/domain/spec/audience/audience.ts';
import { CATEGORIES, STRATEGIES, type SubjectType } from '../../src/domain/spec/vocabulary.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { createRollout as overHttp } from '../../src/runtime/http/index.ts';
import { createRollout as overPostgres, type Rollout } from '../../src/runtime/index.ts';
import { audienceColumns } from '../../src/store/db/audience.ts';
import { serveBuilt, TOKEN } from './built-relay.ts';
import { withDatabase } from './database.ts';

/**
 * The same questions to the library over PostgreSQL and to the library over HTTP, through a relay: how many answers
 * differ in anything (in or out, reason, bucket, percentage, revision). Answers that one gives from a stale snapshot and the
 * other does not are counted beside them: that is the age of what is known, and no decision.
 *
 *   npx tsx test/bench/agreement.ts [questions] [seed]
 *
 * Features and subjects are generated from the seed, which is printed. Asked are the subjects of a feature's kind, a tenth
 * as many of the other kind, and some whom nobody knows; and all of them of a feature that nobody knows.
 */
const [QUESTIONS = 1_000_000, SEED = Date.now() % 1_000_000] = process.argv.slice(2).map(Number);
const FEATURES = 400;
/** Of each kind. */
const SUBJECTS = Math.ceil(QUESTIONS / FEATURES / 1.1);
const STOPPED = 8;
const SHOWN = 5;

const random = seededRandom(SEED);
const oneOf = <T>(some: readonly T[]): T => some[Math.floor(random() * some.length)] as T;
const some = <T>(all: readonly T[], count: number): T[] => Array.from({ length: count }, () => oneOf(all));
const maybe = <T>(share: number, made: () => T): T | undefined => (random() < share ? made() : undefined);

const IDS: Record<SubjectType, string[]> = { repository: idsOf('repository'), customer: idsOf('customer') };
const KINDS = new Map<string, SubjectType>(
  Array.from({ length: FEATURES }, (_, place) => [
    `feature_${place}`,
    random() < 0.7 ? 'repository' : 'customer',
  ]),
);
const NAMES = IDS.repository.map((_, place) =>
  oneOf([
    `acme/web-${place}`,
    `Globex/Web-${place}`,
    `ACME/GRÖSSE-${place}`,
    `owner-${place % 50}/one`,
    null,
  ]),
);
/** Nobody has heard of these. */
const STRANGERS = ['__proto__', 'constructor', 'nobody', 'ünknown', 'acme/nobody', '', ' ', 'x'.repeat(600)];
const OWNERS = ['acme/*', 'globex/*', 'nobody/*'];

function idsOf(kind: SubjectType): string[] {
  return Array.from({ length: SUBJECTS }, (_, place) =>
    oneOf([
      `${place}`,
      `${kind}-${place}`,
      `ID-${place}`,
      `größe-${place}`,
      `acme/Repo-${place}`,
      `🦑${place}`,
    ]),
  );
}

function attributes(): Record<string, string> {
  return {
    ...(random() < 0.8 ? { plan: oneOf(['free', 'pro', 'größe "plus"']) } : {}),
    ...(random() < 0.8 ? { region: oneOf(['eu', 'us']) } : {}),
  };
}

function rowOf(feature: string, subject: SubjectType): object {
  const ids = [...IDS[subject], ...STRANGERS.filter((id) => id.trim() !== '' && id.length <= 512)];
  const ofRepositories = subject === 'repository';
  const owners = () => (ofRepositories && random() < 0.3 ? [oneOf(OWNERS)] : []);
  const names = () => some(NAMES, 20).flatMap((name) => (ofRepositories && name ? [name.toLowerCase()] : []));
  const exposure = {
    strategy: oneOf(ofRepositories ? STRATEGIES : (['percentage', 'whitelist'] as const)),
    whitelist: maybe(0.5, () => [...some(ids, 100), ...owners()]) ?? [],
    blacklist: maybe(0.5, () => [...some(ids, 100), ...names(), ...owners()]) ?? [],
    ...narrowingOf({
      where: maybe<Filter>(0.3, () => ({ plan: oneOf([['free'], ['free', 'größe "plus"']]) })),
      not: maybe<Filter>(0.3, () => oneOf([{ region: ['us'] }, { region: ['eu'], plan: ['pro'] }])),
      group_by: maybe(0.3, () =>
        oneOf(['plan', 'region', 'nobody has it', ...(ofRepositories ? ['owner'] : [])]),
      ),
    }),
  };
  return {
    ...{ feature, subject, active: random() > 0.05, archived: random() < 0.02 },
    ...audienceColumns(exposure),
    percentage: oneOf([0, 0.01, 5, 10, 25, 30, 50, 75, 99.99, 100]),
    categories: (ofRepositories && maybe(0.3, () => CATEGORIES.filter(() => random() < 0.5))) || null,
    quarantined: maybe(0.1, () => some(IDS[subject], 10)) ?? [],
    salt: oneOf(['a', 'checkout', 'größe', feature]),
  };
}

async function fill(pool: pg.Pool): Promise<void> {
  await pool.query(
    `insert into repository_categories (repository_id, full_name, category, attributes)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]) on conflict do nothing`,
    [IDS.repository, NAMES, NAMES.map(() => oneOf([...CATEGORIES, null])), NAMES.map(attributes)],
  );
  await pool.query(
    `insert into rollout_customers (customer_id, attributes) select * from unnest($1::text[], $2::jsonb[])
     on conflict do nothing`,
    [IDS.customer, IDS.customer.map(attributes)],
  );
  await pool.query(
    `insert into rollout_configuration (feature_name, subject_type, is_active, archived_at, rollout_strategy,
       rollout_percentage, categories, target_repositories, excluded_repositories, quarantined, salt, audience)
     select feature, subject, active, case when archived then now() end, strategy, percentage, categories, whitelist,
       blacklist, quarantined, salt, audience
     from jsonb_to_recordset($1) as s(feature text, subject text, active boolean, archived boolean, strategy text,
       percentage numeric, categories text[], whitelist text[], blacklist text[], quarantined text[], salt text,
       audience jsonb)`,
    [JSON.stringify([...KINDS].map(([feature, kind]) => rowOf(feature, kind)))],
  );
  // As an operator stops them: an incident holds each.
  for (const feature of [...KINDS.keys()].slice(0, STOPPED)) {
    await pool.query(`select rollout_emergency_stop($1, 'the bench')`, [feature]);
  }
}

const reasons = new Map<string, number>();
let [asked, different, older] = [0, 0, 0];

async function compare(one: Rollout, other: Rollout): Promise<void> {
  const tenth = Math.ceil(SUBJECTS / 10);
  for (const [feature, kind] of [...KINDS, ['no_feature', 'repository'] as const]) {
    // Both go on following meanwhile, as in an application.
    await setImmediate();
    const others = kind === 'repository' ? IDS.customer : IDS.repository;
    for (const subject of [...IDS[kind], ...others.slice(0, tenth), ...STRANGERS]) {
      const { stale, ...here } = one.evaluate(feature, subject);
      const { stale: staleThere, ...there } = other.evaluate(feature, subject);
      asked += 1;
      const what = `${here.reason}, ${here.eligible ? 'in' : 'out'}`;
      reasons.set(what, (reasons.get(what) ?? 0) + 1);
      if (stale !== staleThere) older += 1;
      if (JSON.stringify(here) === JSON.stringify(there)) continue;
      different += 1;
      if (different <= SHOWN) console.log(feature, subject, here, there);
    }
  }
}

await withDatabase(async (pool, connectionString) => {
  await fill(pool);
  const relay = await serveBuilt(connectionString);
  const settings = { env: {}, flushOnExit: false, startMs: 120_000 };
  const direct = await overPostgres({ ...settings, connectionString });
  const relayed = await overHttp({ ...settings, url: relay.url, token: TOKEN });
  try {
    // A start that was not answered in time resolves too, and then every answer would be the same.
    for (const one of [direct, relayed]) {
      if (one.state().status !== 'ready' || one.features().length === 0) throw new Error('not ready');
    }
    await compare(direct, relayed);
  } finally {
    await Promise.all([direct.close(), relayed.close()]);
    await relay.end();
  }
});

const table = new Table({ head: ['over PostgreSQL and over HTTP', ''], style: { head: [], border: [] } });
table.push(
  ['seed', SEED],
  ['questions', asked.toLocaleString('en-US')],
  ['different answers', different],
  ['stale on one side alone', older],
);
for (const [what, count] of [...reasons].sort(([, a], [, b]) => b - a)) {
  table.push([what, count.toLocaleString('en-US')]);
}
table.push([
  'load',
  loadavg()
    .map((load) => load.toFixed(1))
    .join(' '),
]);
console.log(table.toString());
if (different > 0) process.exitCode = 1;
