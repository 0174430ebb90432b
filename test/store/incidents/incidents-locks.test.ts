import { describe, expect, it } from 'vitest';
import { verifyHistory } from '../../../src/store/configuration/history.ts';
import { listIncidents } from '../../../src/store/incidents/incidents.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature, importRows, repository } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const features = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('writers at the same time', () => {
  it('concurrent writers never deadlock, in whatever order their statements touch the features', async () => {
    const db = await testDatabase();
    for (const feature of features) await applyFeature(db.pool, feature);
    const clients = await Promise.all([db.client(), db.client(), db.client(), db.client()]);
    await Promise.all(
      clients.map(async (client, writer) => {
        const order = writer % 2 === 0 ? features : [...features].reverse();
        for (let round = 0; round < 15; round++) {
          await client.query(
            `update rollout_configuration c set rollout_percentage = $2
             from unnest($1::text[]) with ordinality o(name, place) where c.feature_name = o.name`,
            [order, (round + writer) % 50],
          );
        }
      }),
    );
    expect(await verifyHistory(db.pool)).toMatchObject({ valid: true });
  });

  it('concurrent reconciles, stops, imports and categorisations all finish, with correct history and incidents', async () => {
    const db = await testDatabase();
    const store = createStore(db.pool);
    for (const feature of features) await applyFeature(db.pool, feature, { whitelist: ['acme/new'] });
    const many = (stars: number) =>
      Array.from({ length: 300 }, (_, n) => repository(`r${n}`, { name: `acme/r${n}`, star_count: stars }));
    const rounds = async (work: (round: number) => Promise<unknown>) => {
      for (let round = 0; round < 6; round++) await work(round);
    };
    await Promise.all([
      rounds((round) =>
        Promise.all(features.map((feature) => applyFeature(db.pool, feature, { percentage: round }))),
      ),
      rounds((round) => applyFeature(db.pool, features.at(-1 - round) ?? 'a', { percentage: 50 })),
      rounds((round) => importRows(db.pool, many(round * 40))),
      rounds((round) => importRows(db.pool, [...many(round)].reverse())),
      rounds((round) =>
        store.registry.setTestRepositories({ actor: 'ada' }, [`acme/r${round}`, `r${round + 1}`]),
      ),
      rounds(() => store.registry.categorizeAll({ actor: 'ada' })),
      rounds((round) => store.incidents.stop(features[round] ?? null, 'it burns', 'grace')),
    ]);
    expect(await verifyHistory(db.pool)).toMatchObject({ valid: true });
    const open = await listIncidents(db.pool, { state: 'open', limit: 100 });
    expect(open.map(({ feature }) => feature).sort()).toEqual(features);
  });
});

describe('the generation', () => {
  it('nobody sees a generation before every change below it', async () => {
    const db = await testDatabase();
    for (const feature of features) await applyFeature(db.pool, feature);
    let writing = true;
    const seen: number[] = [];
    const reader = await db.client();
    const reading = (async () => {
      while (writing) {
        // Each change counts up its feature and, with it, the generation: whoever sees the one sees the other.
        const { rows } = await reader.query(
          `select s.generation::int as generation, s.history_id::int as head,
             (select max(id)::int from rollout_history) as last,
             (select count(*)::int from rollout_history) as rows
           from rollout_state s`,
        );
        expect(rows[0].last).toBe(rows[0].head);
        expect(rows[0].rows).toBe(rows[0].head);
        seen.push(rows[0].generation);
      }
    })();
    await Promise.all(
      features.map(async (feature, writer) => {
        const client = await db.client();
        for (let round = 1; round <= 20; round++) {
          await client.query(`begin; update rollout_configuration set rollout_percentage = ${round + writer}
            where feature_name = '${feature}'; select pg_sleep(0.001); commit`);
        }
      }),
    );
    writing = false;
    await reading;
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(new Set(seen).size).toBeGreaterThan(10);
  });

  it('the generation rises with every change of configuration, global stop and test repositories', async () => {
    const db = await testDatabase();
    const store = createStore(db.pool);
    const generation = async () => (await store.reading((read) => read.state())).generation;
    const readings = [await generation()];
    for (const change of [
      () => applyFeature(db.pool, 'capture', { percentage: 10 }),
      () => applyFeature(db.pool, 'capture', { percentage: 20 }),
      () => store.incidents.stop('capture', 'it burns', 'grace'),
      () => store.incidents.stop(null, 'all of it', 'grace'),
      () => store.registry.setTestRepositories({ actor: 'ada' }, ['acme/sandbox']),
    ]) {
      await change();
      readings.push(await generation());
    }
    expect(new Set(readings).size).toBe(readings.length);
    expect(readings).toEqual([...readings].sort((a, b) => a - b));
  });
});
