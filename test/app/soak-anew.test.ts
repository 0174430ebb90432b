import { describe, expect, it } from 'vitest';
import { importRows, repository } from '../helpers/data/features.ts';
import { ramp, type TickWorld, tickFile, tickWorld } from '../helpers/projects/tick-world.ts';
import { patience } from '../helpers/run/pace.ts';

/** Repositories of a size, by the counts that make it. */
async function repositories(world: TickWorld, size: 'test' | 'enterprise', from: number, to: number) {
  const stars = size === 'test' ? 0 : 90_000;
  await world.db.rows(
    `insert into repository_categories (repository_id, full_name, star_count, category, last_categorized_at)
     select 'r' || n, 'acme/r' || n, $1, $2, now() from generate_series($3::int, $4::int) n`,
    [stars, size, from, to - 1],
  );
}

/** Everybody is in, and the present step has soaked but for the last hour. */
async function nearlySoaked(features: Record<string, object>, people = 100): Promise<TickWorld> {
  const world = await tickWorld(features);
  await repositories(world, 'test', 0, people);
  await repositories(world, 'enterprise', 200, 240);
  await world.tick();
  await world.pass(60);
  return almost(world, 'one');
}

async function almost(world: TickWorld, feature: string): Promise<TickWorld> {
  await world.record(feature, { jobs: 200 });
  await world.tick();
  await world.pass(23 * 60);
  const hours = Array.from({ length: 23 }, (_, hour) => ({ jobs: 20, minutesAgo: 60 * hour }));
  await world.record(feature, ...hours);
  return world;
}

/** What the tick does an hour later, when the soak would be over. */
async function lastHour(world: TickWorld): Promise<string> {
  await world.pass(60);
  await world.record('one', { jobs: 20 });
  const { results, advanced } = await world.tick();
  const [done] = advanced.filter(({ feature }) => feature === 'one');
  return done?.action ?? results.find(({ feature }) => feature === 'one')?.advance.wait?.code ?? 'not judged';
}

const whole = (rest: object = {}) =>
  ramp(50, {
    steps: [
      { percentage: 50, soak: '24h' },
      { percentage: 100, soak: '24h' },
    ],
    ...rest,
  });

describe('who is newly exposed has not soaked', () => {
  it('a soak goes on while the audience of its step stays the same', async () => {
    const world = await nearlySoaked({ one: whole({ categories: ['test'] }) });
    expect(await lastHour(world)).toBe('advanced');
  });

  it('a soak begins again when another category enters its step', async () => {
    const world = await nearlySoaked({ one: whole({ categories: ['test'] }) });
    await repositories(world, 'enterprise', 240, 300);
    await world.commit(
      tickFile({ one: whole({ categories: ['test', 'enterprise'] }) }),
      'the enterprise too',
    );
    await world.reconcile();
    const [row] = await world.db.rows(
      `select step_started_at > now() - interval '1 minute' as anew, epoch from rollout_configuration`,
    );
    expect(row).toEqual({ anew: true, epoch: 1 });
    expect(await lastHour(world)).toBe('soak');
  });

  it('a soak goes on with five more in a list, and begins again with six in total', async () => {
    const listed = (count: number) => ({ whitelist: Array.from({ length: count }, (_, n) => `x${n}`) });
    for (const [then, expected] of [
      [5, /^advanced$/],
      [6, 'soak'],
    ] as const) {
      const world = await nearlySoaked({ one: whole({ categories: ['test'] }) });
      await world.db.rows(`update repository_categories set repository_id = 'x' || (substr(repository_id, 2)::int - 200)
        where category = 'enterprise'`);
      for (const count of [3, then]) {
        await world.commit(
          tickFile({ one: whole({ categories: ['test'], ...listed(count) }) }),
          `${count} listed`,
        );
        await world.reconcile();
      }
      expect(await lastHour(world)).toMatch(expected);
    }
  });

  it('a soak begins again with an import of many at once', async () => {
    const world = await nearlySoaked({ one: whole() });
    await repositories(world, 'test', 1_000, 1_030);
    expect(await lastHour(world)).toBe('soak');
    const [history] = await world.controller.store.reading((read) => read.history.list({ limit: 1 }));
    expect(history?.reason).toMatch(/^the soak begins anew: \d+ entered at once since it began with \d+$/);
    expect((await world.verify()).valid).toBe(true);
  });

  it('a soak goes on with few that appear one by one, and begins again with more than a fifth', async () => {
    const appearing = async (count: number) => {
      const world = await nearlySoaked({ one: whole() });
      for (let n = 0; n < count; n++) await repositories(world, 'test', 1_000 + n, 1_001 + n);
      return lastHour(world);
    };
    expect(await appearing(12)).toBe('advanced');
    expect(await appearing(60)).toBe('soak');
  });

  it('a soak begins again with a categorisation that moves many, not with one that moves nobody', async () => {
    const world = await nearlySoaked({ one: whole({ categories: ['test'] }) });
    await world.db.rows(`select * from categorize_all_repositories('nothing new')`);
    expect(await lastHour(world)).toBe('advanced');
    const other = await nearlySoaked({ one: whole({ categories: ['test'] }) });
    await other.db.rows(`update repository_categories set star_count = 0 where category = 'enterprise'`);
    await other.db.rows(`select * from categorize_all_repositories('they shrank')`);
    expect(await lastHour(other)).toBe('soak');
  });

  it('a soak begins again with an attribute that admits many, not with one that admits nobody', async () => {
    const settling = async (attributes: object) => {
      const world = await nearlySoaked({ one: whole({ percentage: 50, not: { region: ['us'] } }) });
      await world.db.rows(`update repository_categories set attributes = $1 where category = 'enterprise'`, [
        JSON.stringify(attributes),
      ]);
      return lastHour(world);
    };
    expect(await settling({ region: 'us' })).not.toBe('soak');
    expect(await settling({ region: 'eu' })).toBe('soak');
  });

  it('test repositories of the file count for the soak like its lists', async () => {
    const named = (count: number) =>
      tickFile(
        {
          one: whole({ percentage: 100, steps: [], categories: ['test'] }),
          two: whole({ categories: ['test'] }),
        },
        { test_repositories: Array.from({ length: count }, (_, n) => `acme/r${300 + n}`) },
      );
    const world = await tickWorld({ two: whole({ categories: ['test'] }) });
    await repositories(world, 'test', 0, 100);
    await repositories(world, 'enterprise', 300, 400);
    await world.tick();
    await world.pass(60);
    await almost(world, 'two');
    await world.commit(named(90), 'ninety more to test on');
    await world.pass(60);
    await world.record('two', { jobs: 20 });
    const { results } = await world.tick();
    expect(results.find(({ feature }) => feature === 'two')?.advance.wait?.code).toBe('soak');
  });

  it(
    'a ramp with one percent more a day still completes the playbook',
    async () => {
      const steps = [
        { percentage: 10, soak: '2d' },
        { percentage: 25, soak: '3d' },
        { percentage: 50, soak: '7d' },
        { percentage: 75, soak: '14d' },
        { percentage: 100, soak: '1d' },
      ];
      const world = await tickWorld({ one: ramp(10, { steps }) });
      let people = 2_000;
      await repositories(world, 'test', 0, people);
      await world.tick();
      for (let half = 0; half < 27 * 2 && (await world.row('one')).percentage < 100; half++) {
        await world.pass(720);
        // Each in a statement of its own, as they sign up one by one.
        await world.db.pool.query(`do $$ begin
          for n in 0 .. ${Math.floor(people * 0.005) - 1} loop
            insert into repository_categories (repository_id, created_at)
            values ('p' || ${people} + n, now() - make_interval(mins => (n * 7) % 700));
          end loop;
        end $$`);
        people += Math.floor(people * 0.005);
        const hours = Array.from({ length: 12 }, (_, hour) => ({ jobs: 20, minutesAgo: 5 + 60 * hour }));
        await world.record('one', ...hours);
        await world.tick();
      }
      expect((await world.row('one')).percentage).toBe(100);
      expect(people).toBeGreaterThan(2_400);
    },
    patience(240_000),
  );
});

describe('a change of those who are meant altogether', () => {
  it.each([
    ['salt', { salt: 'another' }],
    ['strategy', { strategy: 'repository_size' }],
    ['kind of subject', { subject: 'customer' }],
  ])('a change of %s begins a new epoch and a new step', async (_what, rest) => {
    const world = await nearlySoaked({ one: whole() });
    await world.commit(tickFile({ one: whole(rest) }), 'others');
    await world.reconcile();
    const [row] = await world.db.rows(
      `select epoch, epoch_started_at > now() - interval '1 minute' as anew,
         step_started_at > now() - interval '1 minute' as soaks from rollout_configuration`,
    );
    expect(row).toEqual({ epoch: 2, anew: true, soaks: true });
  });

  it('a change of only a threshold or a list does not begin a new epoch', async () => {
    const world = await nearlySoaked({ one: whole() });
    await world.commit(
      tickFile({ one: whole({ thresholds: { max_error_rate: 6 }, blacklist: ['r1'] }) }),
      'stricter',
    );
    await world.reconcile();
    expect(await world.row('one')).toMatchObject({ epoch: 1 });
    expect(await lastHour(world)).toBe('advanced');
  });
});

describe('the registry in the middle of a soak', () => {
  const listed = whole({ percentage: 50, categories: ['test'], whitelist: ['acme/r200'] });
  const isIn = async (world: TickWorld, ...ids: string[]) => {
    const rows = await world.db.rows<{ id: string }>(
      `select id from unnest($1::text[]) id where is_repository_eligible_for_rollout(id, 'one') order by 1`,
      [ids],
    );
    return rows.map(({ id }) => id);
  };
  const enterprise = (id: string, name: string) =>
    repository(id, { name, star_count: 90_000, contributor_count: 900, pr_count: 90_000 });
  /** The soak of a feature whose whitelist has the name of r200, an hour before its end. */
  const soaking = async () => {
    const world = await nearlySoaked({ one: listed });
    await world.reconcile();
    expect(await isIn(world, 'r200', 'r201')).toEqual(['r200']);
    return world;
  };

  it('a soak goes on through a rename, and a new owner of the name inherits nothing', async () => {
    const world = await soaking();
    await importRows(world.db.pool, [enterprise('r200', 'acme/renamed')]);
    await importRows(world.db.pool, [enterprise('r201', 'acme/r200')]);
    expect(await isIn(world, 'r200', 'r201')).toEqual(['r200']);
    expect(await lastHour(world)).toBe('advanced');
    expect(await isIn(world, 'r200', 'r201')).toEqual(['r200']);
  });

  it('a soak goes on through a transfer to another owner and a swap of two names', async () => {
    const world = await soaking();
    await importRows(world.db.pool, [enterprise('r200', 'other/r200')]);
    await importRows(world.db.pool, [enterprise('r201', 'acme/r202'), enterprise('r202', 'acme/r201')]);
    expect(await isIn(world, 'r200', 'r201', 'r202')).toEqual(['r200']);
    expect(await lastHour(world)).toBe('advanced');
  });

  it('a soak goes on through an import of known repositories, and begins again with many new ones', async () => {
    const known = Array.from({ length: 40 }, (_, n) => enterprise(`r${200 + n}`, `acme/r${200 + n}`));
    const same = await soaking();
    await importRows(same.db.pool, known);
    expect(await lastHour(same)).toBe('advanced');
    const more = await soaking();
    const small = Array.from({ length: 40 }, (_, n) => repository(`n${n}`, { name: `acme/n${n}` }));
    await importRows(more.db.pool, [...known, ...small]);
    expect(await lastHour(more)).toBe('soak');
  });

  it('a soak begins again when an import moves many into its category, not when they leave it', async () => {
    const world = await soaking();
    const grown = Array.from({ length: 30 }, (_, n) => enterprise(`r${n}`, `acme/r${n}`));
    await importRows(world.db.pool, grown);
    expect(await lastHour(world)).toBe('advanced');
    const other = await soaking();
    await importRows(
      other.db.pool,
      Array.from({ length: 40 }, (_, n) => repository(`r${200 + n}`, { name: `acme/r${200 + n}` })),
    );
    expect(await lastHour(other)).toBe('soak');
  });
});
