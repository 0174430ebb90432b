import { randomUUID } from 'node:crypto';
import Table from 'cli-table3';
import type pg from 'pg';
import { bucketOfLow, Hash, hashInto, seedOf } from '../../src/domain/eligibility/bucket.ts';
import { createRollout, type Rollout } from '../../src/runtime/index.ts';
import { withDatabase } from './database.ts';
import { flagdByAttributes, peersWith } from './peers.ts';

/**
 * Decisions at 25%, a hundred thousand UUIDs a round, beside other libraries and beside nothing but the hash.
 *
 *   npx tsx test/bench/eligible.ts [rounds]
 *
 * Every way takes its turn in each round, in one process; the median counts. Time of the processor, not of the wall:
 * what else the machine does is nobody's merit.
 */
const ROUNDS = Number(process.argv[2] ?? 15);
const IDS = 100_000;

interface Way {
  name: string;
  /** Returns how many were in. */
  run(ids: readonly string[]): number | Promise<number>;
  /** Its ids, where they are not the shared ones. */
  ids?: () => string[];
}

const ids = Array.from({ length: IDS }, () => randomUUID() as string);
const bytes = Buffer.from(ids.join(''), 'latin1');

/** The same ids as strings that nobody has looked at: no hash of theirs is known to the engine. */
function freshIds(): string[] {
  return Array.from({ length: IDS }, (_, place) => bytes.toString('latin1', place * 36, place * 36 + 36));
}

function loop(keys: readonly string[], all: readonly string[], rollout: Rollout): number {
  let yes = 0;
  for (let place = 0; place < all.length; place++) {
    if (rollout.isEligible(keys[place % keys.length] ?? '', all[place] ?? '')) yes += 1;
  }
  return yes;
}

function hashLoop(keys: readonly string[]): Way {
  const seeds = keys.map(seedOf);
  const hash = new Hash();
  return {
    name: 'the hash alone, seeds at hand',
    run: (all) => {
      let yes = 0;
      for (let place = 0; place < all.length; place++) {
        const seed = seeds[place % seeds.length];
        if (!seed) continue;
        hashInto(seed, all[place] ?? '', hash);
        if (bucketOfLow(hash.low) < 2_500) yes += 1;
      }
      return yes;
    },
  };
}

/** Nanoseconds a decision, median over the rounds, and the share of yes. */
async function measure(ways: readonly Way[]): Promise<{ name: string; ns: number; share: number }[]> {
  const times: number[][] = ways.map(() => []);
  const shares: number[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    for (const [index, way] of ways.entries()) {
      const all = way.ids?.() ?? ids;
      const begin = process.cpuUsage();
      const result = way.run(all);
      const yes = typeof result === 'number' ? result : await result;
      const { user, system } = process.cpuUsage(begin);
      const ns = ((user + system) * 1_000) / all.length;
      if (round >= 0) times[index]?.push(ns);
      shares[index] = yes / all.length;
    }
  }
  return ways.map(({ name }, index) => {
    const sorted = (times[index] ?? []).sort((a, b) => a - b);
    return { name, ns: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, share: shares[index] ?? 0 };
  });
}

function print(title: string, rows: readonly { name: string; ns: number; share: number }[]): void {
  const ours = rows[0]?.ns ?? Number.NaN;
  const table = new Table({ head: [title, 'ns', 'ours is', 'in'], style: { head: [], border: [] } });
  for (const { name, ns, share } of rows) {
    const ratio = ns >= ours ? `${(ns / ours).toFixed(1)} x as fast` : `${(ours / ns).toFixed(2)} x its time`;
    table.push([name, ns.toFixed(1), name === rows[0]?.name ? '' : ratio, `${(share * 100).toFixed(1)}%`]);
  }
  console.log(`${table.toString()}\n`);
}

async function addFeature(pool: pg.Pool, feature: string, whitelist: readonly string[] = []): Promise<void> {
  await pool.query(
    `insert into rollout_configuration (feature_name, is_active, rollout_percentage, target_repositories)
     values ($1, true, 25, $2)`,
    [feature, whitelist],
  );
}

function factsAt(place: number): { plan: string; company: string } {
  return { plan: ['free', 'pro', 'max'][place % 3] ?? '', company: `company-${place % 10_000}` };
}

/** The ids as customers with a plan and a company, and a feature that goes by each. */
async function addByAttributes(pool: pg.Pool): Promise<void> {
  await pool.query(
    `insert into rollout_customers (customer_id, attributes) select * from unnest($1::text[], $2::jsonb[])`,
    [ids, ids.map((_, place) => JSON.stringify(factsAt(place)))],
  );
  await pool.query(
    `insert into rollout_configuration (feature_name, subject_type, is_active, rollout_percentage, rollout_strategy, audience)
     values ('asked', 'customer', true, 25, 'whitelist', '{"strategy": "percentage", "where": {"plan": ["free", "pro"]}}'),
       ('grouped', 'customer', true, 25, 'whitelist', '{"strategy": "percentage", "group_by": "company"}')`,
  );
}

await withDatabase(async (pool) => {
  const many = Array.from({ length: 100 }, (_, place) => `feature_${place}`);
  for (const feature of many) await addFeature(pool, feature);
  const listed = ids.filter((_, place) => place % 10 === 0);
  await addFeature(pool, 'listed', listed);
  await addByAttributes(pool);
  const rollout = await createRollout({ pool, env: {} });
  for (const keys of [many.slice(0, 1), many]) {
    const peers = await peersWith(keys);
    const ways: Way[] = [
      { name: 'isEligible', run: (all) => loop(keys, all, rollout) },
      hashLoop(keys),
      ...peers.map(({ name, decideAll }) => ({
        name,
        run: (all: readonly string[]) => decideAll(keys, all),
      })),
    ];
    print(`${keys.length} ${keys.length === 1 ? 'feature' : 'features'} at 25%`, await measure(ways));
    for (const peer of peers) await peer.close();
  }
  const set = new Set(listed);
  const inSet = (all: readonly string[]) => {
    let yes = 0;
    for (let place = 0; place < all.length; place++) if (set.has(all[place] ?? '')) yes += 1;
    return yes;
  };
  print(
    'fresh ids, a whitelist of 10,000',
    await measure([
      { name: 'isEligible', run: (all) => loop(['listed'], all, rollout), ids: freshIds },
      { ...hashLoop(['listed']), ids: freshIds },
      { name: 'Set.has alone', run: inSet, ids: freshIds },
    ]),
  );
  const facts = new Map(ids.map((id, place) => [id, factsAt(place)]));
  const factsOf = (id: string) => facts.get(id) ?? factsAt(0);
  for (const [key, title] of [
    ['asked', '25% where plan is one of two of three'],
    ['grouped', '25% of 10,000 companies'],
  ] as const) {
    const peer = flagdByAttributes(key === 'grouped', factsOf);
    print(
      title,
      await measure([
        { name: 'isEligible', run: (all) => loop([key], all, rollout) },
        hashLoop([key]),
        { name: peer.name, run: (all) => peer.decideAll(all) },
      ]),
    );
  }
  await rollout.close();
});
