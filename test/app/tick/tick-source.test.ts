import { describe, expect, it } from 'vitest';
import { tickJson } from '../../../src/report/json/tick-json.ts';
import { styleOf } from '../../../src/report/style/style.ts';
import { tickLines } from '../../../src/report/text/outcomes/tick-text.ts';
import { ramp, type Ticked, type TickWorld, tickWorld } from '../../helpers/projects/tick-world.ts';

const DAY = 24 * 60;

/** The view over tables of the application, with these rows. */
async function sourceOf(world: TickWorld, rows: readonly string[]): Promise<void> {
  await world.db.rows(`create or replace view rollout_repository_source as select * from (values ${rows.join()})
    v(repository_id, full_name, star_count, contributor_count, pr_count)`);
}

/** As many small repositories. */
const small = (amount: number) =>
  Array.from({ length: amount }, (_, n) => `('r${n}', 'acme/app-${n}', 40, 1, 1)`);

const everybody = { percentage: 100, categories: ['small'] };

const linesOf = (ticked: Ticked) =>
  tickLines({ style: styleOf(false), file: 'rollout.yaml' }, ticked)
    .map(({ text }) => text)
    .filter((text) => /rollout_repository_source|another category|entered/.test(text));

const names = async ({ db }: TickWorld) =>
  (
    await db.rows<{ name: string }>(
      `select coalesce(full_name, 'nobody') || ' ' || category as name from repository_categories order by repository_id`,
    )
  ).map(({ name }) => name);

describe('a tick where the application has a view of its repositories', () => {
  it("a tick reads new and renamed repositories from the application's view once a day, and reports changes", async () => {
    const world = await tickWorld({ one: everybody });
    await sourceOf(world, small(3));
    const first = await world.tick();
    expect(linesOf(first)).toEqual([
      'rollout_repository_source: 3 repositories, 3 new, 0 changed',
      '0 repositories in another category than before',
      'one: 3 subjects entered, 0 left',
    ]);
    expect(tickJson(first).registry).toMatchObject({ source: { received: 3, added: 3 } });
    await sourceOf(world, [
      `('r0', 'acme/renamed', 400, 9, 9)`,
      ...small(3).slice(1),
      `('r9', 'acme/app-0', 40, 1, 1)`,
    ]);
    await world.pass(DAY - 15);
    expect((await world.tick()).registry).toBeNull();
    expect(await names(world)).toEqual(['acme/app-0 small', 'acme/app-1 small', 'acme/app-2 small']);
    await world.pass(15);
    expect(linesOf(await world.tick())).toEqual([
      'rollout_repository_source: 4 repositories, 1 new, 1 changed',
      '0 repositories in another category than before',
      'one: 1 subject entered, 1 left',
    ]);
    expect(await names(world)).toEqual([
      'acme/renamed medium',
      'acme/app-1 small',
      'acme/app-2 small',
      'acme/app-0 small',
    ]);
    const history = await world.db.rows(
      `select triggered_by as by, reason from rollout_history where action = 'population_changed' order by id`,
    );
    expect(history).toEqual([
      { by: 'ticker', reason: 'read from rollout_repository_source: 3 enter, 0 leave' },
      { by: 'ticker', reason: 'read from rollout_repository_source: 1 enter, 1 leave' },
    ]);
    await world.pass(DAY);
    const quiet = await world.tick();
    expect([quiet.registry, linesOf(quiet)]).toEqual([null, []]);
  });

  it.each([
    ['goes on with a step although few are newly exposed', 2, 'advanced', null],
    ['lets a step soak anew where many are newly exposed', 40, 'none', 'few_jobs'],
  ])("a tick that reads the application's view %s, as an import does", async (_what, more, action, wait) => {
    const world = await tickWorld({ one: ramp(10, { categories: ['small'] }) });
    await sourceOf(world, small(400));
    await world.tick();
    await world.tick();
    await world.record('one', { jobs: 90, errors: 1 });
    await world.tick();
    await world.pass(DAY);
    await sourceOf(world, small(400 + 10 * more));
    expect((await world.tick()).registry).toMatchObject({ source: { added: 10 * more } });
    await world.pass(60);
    await world.record('one', { jobs: 400, errors: 1, minutesAgo: 30 });
    const [judged] = (await world.tick()).results;
    expect([judged?.action, judged?.advance.wait?.code ?? null]).toEqual([action, wait]);
  });

  it('a tick judges and rolls back although the view is unreadable, and notifies that once until it is', async () => {
    const world = await tickWorld({ one: { percentage: 100 } });
    await sourceOf(world, [`('r1', 'secret/name', 0, 1, 1)`, `('r1', 'secret/name', 9, 1, 1)`]);
    await world.record('one', { jobs: 400, errors: 300 });
    const first = await world.tick();
    expect(first.results[0]).toMatchObject({ action: 'rolled_back' });
    expect(first).toMatchObject({ registry: null, problems: [], heartbeat: expect.any(Date) });
    const told = async () =>
      (await world.tick()).printed.filter((line) => line === 'warning source_unread null').length;
    expect([await told(), await told()]).toEqual([1, 0]);
    const [notice] = await world.db.rows(
      `select message, details from rollout_outbox where kind = 'source_unread'`,
    );
    expect(JSON.stringify(notice)).not.toMatch(/secret|r1/);
    expect(notice?.message).toContain('run: rollout categorize');
    await world.pass(DAY);
    await world.tick();
    expect(await told()).toBe(0);
    await sourceOf(world, small(1));
    await world.pass(DAY);
    expect((await world.tick()).registry).toMatchObject({ source: { added: 1 } });
    await world.db.rows('drop view rollout_repository_source');
    await world.db.rows('create view rollout_repository_source as select 1 as repository_id');
    await world.pass(DAY);
    await world.tick();
    expect(await told()).toBe(1);
  });
});

describe('a tick without such a view', () => {
  it("a tick without the application's view reports nothing, and reads the view once it exists", async () => {
    const world = await tickWorld({ one: everybody });
    const ticked = await world.tick();
    expect([ticked.registry, ticked.problems, linesOf(ticked)]).toEqual([null, [], []]);
    await sourceOf(world, small(1));
    expect((await world.tick()).registry).toMatchObject({ source: { added: 1 } });
  });
});
