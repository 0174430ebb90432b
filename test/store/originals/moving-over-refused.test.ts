import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../scripts/snapshot-database.ts';
import { migrate } from '../../../src/store/db/migrate.ts';
import { originals } from '../../helpers/data/originals.ts';

describe('moving over, where something of the application stands on the tables', () => {
  it.each([
    [
      'a view',
      `create view dashboard as select feature_name, count(*) from rollout_configuration join rollout_history h on true group by 1`,
      'rollout_configuration is still used by view public.dashboard',
    ],
    [
      'a materialized view',
      `create materialized view cached as select * from rollout_metrics`,
      'rollout_metrics is still used by view public.cached',
    ],
    [
      'a foreign key',
      `create table notes (about uuid references rollout_configuration (id))`,
      'rollout_configuration is still used by foreign key of public.notes',
    ],
    [
      'a view in the place of a table',
      `drop table rollout_history; create view rollout_history as select 1 as id`,
      'rollout_history is not a table',
    ],
    [
      'a function in a policy',
      `create policy mine on repositories using (is_repository_eligible_for_rollout(id))`,
      'other objects depend on it',
    ],
  ])('moving over refuses %s, names it, and changes nothing', async (_what, sql, problem) => {
    const db = await originals('application', 'hybrid', 'hybrid-rows');
    await db.rows(sql);
    const before = await catalogText(db.pool);
    const failure = await migrate(await db.client()).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'database_incompatible',
      message: expect.stringContaining(problem),
      hint: expect.stringMatching(/^nothing was changed/i),
    });
    expect((failure as { hint: string }).hint).not.toContain('CASCADE');
    await db.rows(`drop table rollout_migrations`);
    expect(await catalogText(db.pool)).toBe(before);
    expect(await db.rows(`select count(*)::int from rollout_configuration`)).toEqual([{ count: 4 }]);
  });
});
