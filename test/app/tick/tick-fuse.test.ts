import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Outcome, OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import { recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import { tickWorld } from '../../helpers/projects/tick-world.ts';

/** Sixty jobs of sixty subjects fail. */
function breakage(): OutcomeSums {
  const sums = new OutcomeSums();
  for (let place = 0; place < 60; place++) {
    const job: Outcome = {
      ...{
        feature: 'one',
        subject: `r${place}`,
        processor: 'inngest',
        arm: 'treatment',
        epoch: 1,
        job_class: '',
      },
      ...{ category: '', ok: false, duration_ms: null, error: 'boom', finished_at: Date.now() },
    };
    sums.add(job);
  }
  return sums;
}

describe('a tick after the fuse', () => {
  it('a tick after the fuse notifies, writes back and settles, as after its own rollback', async () => {
    const world = await tickWorld({ one: { percentage: 25, rollback: { fuse: true } } });
    await world.pass(60);
    const begin = (await world.repository.git('rev-parse', 'main')).trim();
    await recordOutcomes(world.db.pool, randomUUID(), breakage());
    expect(await world.row('one')).toMatchObject({ percentage: 0, active: false, epoch: 2 });
    expect(await world.fileAt()).not.toContain('active: false');
    const result = await world.tick();
    expect(result.results).toEqual([]);
    expect(result.printed).toEqual(['critical rolled_back one', 'info settled one']);
    expect(await world.fileAt()).toContain('active: false');
    expect(await world.commitsSince(begin)).toHaveLength(1);
    expect(await world.incidents('one')).toMatchObject([
      { kind: 'rollback', state: 'settled', opened_by: 'fuse', write_back: 'done' },
    ]);
    expect((await world.tick()).printed).toEqual([]);
    expect(await world.incidents('one')).toHaveLength(1);
  });

  it('a tick sums outcomes and trips the fuse when the flush could not', async () => {
    const world = await tickWorld({ one: { percentage: 25, rollback: { fuse: true } } });
    await world.pass(60);
    const other = await world.db.client();
    await other.query('begin; select from rollout_state for update');
    await recordOutcomes(world.db.pool, randomUUID(), breakage());
    await other.query('rollback');
    expect(await world.row('one')).toMatchObject({ active: true });
    await world.tick();
    expect(await world.row('one')).toMatchObject({ percentage: 0, active: false });
    expect(await world.incidents('one')).toMatchObject([{ opened_by: 'fuse', write_back: 'done' }]);
  });
});
