import { expect, it } from 'vitest';
import { migrate } from '../../../src/store/db/migrate.ts';
import { memberOf } from '../../helpers/data/features.ts';
import { originals } from '../../helpers/data/originals.ts';

const ELIGIBLE = `select is_repository_eligible_for_rollout('10000000-0000-0000-0000-000000000001'::uuid) as eligible`;

it('an application of the originals works on after moving over with one role membership', async () => {
  const db = await originals('application', 'hybrid', 'hybrid-rows');
  await migrate(await db.client());
  const application = await memberOf(db, 'rollout_controller');
  expect((await application.query(ELIGIBLE)).rows).toEqual([{ eligible: expect.any(Boolean) }]);
  await application.query(
    `update rollout_configuration set rollout_percentage = 30, updated_at = now()
     where feature_name = 'hybrid_progressive_capture'`,
  );
  await application.query(`select categorize_repository('10000000-0000-0000-0000-000000000001'::uuid)`);
  const { rows } = await application.query(
    `select rollout_percentage::int as percentage, (select count(*)::int from repository_categories) as repositories
     from rollout_configuration where feature_name = 'hybrid_progressive_capture'`,
  );
  expect(rows).toEqual([{ percentage: 30, repositories: 5 }]);
});

it('an application of the originals without the role membership is refused', async () => {
  const db = await originals('application', 'hybrid', 'hybrid-rows');
  await migrate(await db.client());
  const application = await memberOf(db, null);
  await expect(application.query(ELIGIBLE)).rejects.toThrow(/permission denied/);
});
