import { describe, expect, it } from 'vitest';
import { tickWorld, verdictOf } from '../../helpers/projects/tick-world.ts';

const LIMIT = { percentage: 25 };

async function worldWithCheckpoint() {
  const world = await tickWorld({ one: LIMIT });
  await world.pass(300);
  for (let minutesAgo = 285; minutesAgo > 0; minutesAgo -= 15) {
    await world.record('one', { jobs: 40, minutesAgo }, { jobs: 40, arm: 'control', minutesAgo });
  }
  const first = await world.tick();
  return { world, first };
}

const checkpoints = (world: Awaited<ReturnType<typeof tickWorld>>) =>
  world.db.rows<{ epoch: number }>('select epoch from rollout_score_checkpoints');

describe('ticks that go on from a checkpoint', () => {
  it('the second tick judges from the checkpoint of the first, and says the same', async () => {
    const { world, first } = await worldWithCheckpoint();
    expect(await checkpoints(world)).toEqual([{ epoch: 1 }]);
    // Windows before the checkpoint are not read any more.
    await world.db.pool.query(`delete from rollout_metrics`);
    await world.db.pool.query(`update rollout_score_windows set lines = ''
      where bucket_start < (select until from rollout_score_checkpoints)`);
    const second = await world.tick();
    expect(second.results[0]?.judgement).toEqual(first.results[0]?.judgement);
  });

  it('harm after a checkpoint is rolled back, judged from all windows', async () => {
    const { world } = await worldWithCheckpoint();
    await world.record('one', { jobs: 100, errors: 90 }, { jobs: 100, arm: 'control' });
    const { results } = await world.tick();
    expect(results[0]?.judgement).toMatchObject({ verdict: 'harmful' });
    expect(await world.row('one')).toMatchObject({ percentage: 0 });
  });

  it('harm that was recorded late, for the time before a checkpoint, is rolled back', async () => {
    const { world } = await worldWithCheckpoint();
    await world.record('one', { jobs: 200, errors: 190, minutesAgo: 180 });
    const { results } = await world.tick();
    expect(verdictOf({ results }, 'one')[0]).toBe('harmful');
  });

  it('a checkpoint that was made with another limit is not judged from', async () => {
    const { world } = await worldWithCheckpoint();
    await world.record('one', { jobs: 400, errors: 12, minutesAgo: 10 });
    const before = await world.tick();
    expect(before.results[0]?.judgement.verdict).toBe('healthy');
    await world.db.pool.query(`with other as (
        select feature_name, jsonb_set(state::jsonb, '{rates,maxErrorRate}', '4')::text as state from rollout_score_checkpoints
      ) update rollout_score_checkpoints c set state = o.state, digest = md5('1 ' || o.state) from other o`);
    const other = await world.tick();
    expect(other.results[0]?.judgement).toEqual(before.results[0]?.judgement);
  });
});
