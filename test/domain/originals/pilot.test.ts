import { describe, expect, it } from 'vitest';
import { PLANS } from '../../../src/config/read/plans.ts';
import { percentageOf, TIERS, targetTierOf, tierOf } from '../../../src/domain/originals/pilot.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

describe('the tiers of a pilot', () => {
  it('the tiers of a pilot are those of the built-in steps', () => {
    expect(PLANS.pilot.map(({ percentage }) => tierOf(percentage))).toEqual(
      PLANS.pilot.map(({ name }) => name),
    );
    for (const tier of TIERS) expect(tierOf(percentageOf(tier))).toBe(tier);
  });

  it('the target of each pilot tier is the next one, and the last stays', () => {
    expect([0, 1, 5, 10, 50, 100].map((percentage) => targetTierOf(percentage, PLANS.pilot))).toEqual([
      ...['tier_1_internal', 'tier_2_early_adopters', 'tier_2_early_adopters'],
      ...['tier_3_general', 'tier_4_full', 'tier_4_full'],
    ]);
  });

  it('the view feature_rollouts has the same pilot tiers', async () => {
    const db = await testDatabase();
    for (const percentage of [0, 0.5, 1, 1.01, 10, 10.5, 50, 51, 100]) {
      await applyFeature(db.pool, 'pilot', { subject: 'customer', percentage });
      const [row] = await db.rows(`select current_tier, target_tier from feature_rollouts`);
      expect([percentage, row?.current_tier]).toEqual([percentage, tierOf(percentage)]);
      expect([percentage, row?.target_tier]).toEqual([percentage, targetTierOf(percentage, PLANS.pilot)]);
    }
  });
});
