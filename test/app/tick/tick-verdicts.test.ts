import { describe, expect, it } from 'vitest';
import { addRepositories } from '../../helpers/projects/project.ts';
import { tickWorld, verdictOf } from '../../helpers/projects/tick-world.ts';

const CATEGORIES = ['test', 'small', 'medium', 'large', 'enterprise'];

describe('a tick', () => {
  it('a tick finds and names a breakage in one category of five, and rolls back the feature', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    const healthy = CATEGORIES.map((category) => ({ jobs: 200, errors: 2, category }));
    await world.record('one', ...healthy);
    expect(verdictOf(await world.tick(), 'one')).toEqual(['healthy', 'healthy', 'all', 'none']);
    await world.pass(60);
    const others = healthy.filter(({ category }) => category !== 'medium');
    await world.record('one', ...others, { jobs: 30, errors: 14, category: 'medium' });
    const result = await world.tick();
    expect(verdictOf(result, 'one')).toEqual(['harmful', 'over_limit', 'medium', 'rolled_back']);
    const [incident] = await world.incidents('one');
    expect(incident).toMatchObject({ kind: 'rollback', severity: 'critical', opened_by: 'ticker' });
    expect(incident?.reason).toMatch(/medium.*14 of |14 of .*medium/);
    expect(await world.row('one')).toMatchObject({ percentage: 0, active: false, epoch: 2 });
  });

  it('a tick judges an outage that control shares as suspect, and rolls nothing back', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.record('one', { jobs: 40, errors: 20 }, { jobs: 200, errors: 100, arm: 'control' });
    const result = await world.tick();
    expect(verdictOf(result, 'one')).toEqual(['suspect', 'shared_outage', 'all', 'none']);
    expect(await world.incidents()).toEqual([]);
    expect(await world.row('one')).toMatchObject({ percentage: 25, active: true, epoch: 1 });
    expect(result.printed).toEqual(['critical suspect one']);
  });

  it('a tick rolls back for an outage that control shares when the file asks for it', async () => {
    const world = await tickWorld({ one: { percentage: 25, rollback: { on_shared_outage: 'rollback' } } });
    await world.record('one', { jobs: 40, errors: 20 }, { jobs: 200, errors: 100, arm: 'control' });
    expect(verdictOf(await world.tick(), 'one')).toEqual(['harmful', 'over_limit', 'all', 'rolled_back']);
  });

  it('a tick judges each feature by the analysis of its own: the plain rule rolls back what the score bears', async () => {
    const thresholds = { max_error_rate: 5, minimum_jobs: 20 };
    const world = await tickWorld({
      plain: { percentage: 25, analysis: 'threshold', thresholds },
      scored: { percentage: 25, thresholds },
    });
    for (const feature of ['plain', 'scored']) await world.record(feature, { jobs: 40, errors: 3 });
    const result = await world.tick();
    expect(verdictOf(result, 'plain')).toEqual(['harmful', 'over_limit', 'all', 'rolled_back']);
    expect(verdictOf(result, 'scored')[3]).toBe('none');
    expect(await world.row('plain')).toMatchObject({ percentage: 0, active: false });
    expect(await world.row('scored')).toMatchObject({ percentage: 25, active: true });
  });

  it('a tick that rolls back a feature of the strategy whitelist leaves nobody exposed', async () => {
    const world = await tickWorld({ one: { strategy: 'whitelist', whitelist: ['r1', 'acme/r2'] } });
    await addRepositories(world.db, 20);
    await world.reconcile();
    expect(await world.eligible('one')).toBe(2);
    await world.record('one', { jobs: 20, errors: 15 });
    expect(verdictOf(await world.tick(), 'one')[3]).toBe('rolled_back');
    expect(await world.eligible('one')).toBe(0);
    expect(await world.fileAt()).toContain('active: false');
  });

  it('a tick that rolls back a percentage with a whitelist leaves nobody exposed', async () => {
    const world = await tickWorld({ one: { percentage: 30, whitelist: ['r1', 'r2', 'r3'] } });
    await addRepositories(world.db, 60);
    expect(await world.eligible('one')).toBeGreaterThan(3);
    await world.record('one', { jobs: 20, errors: 15 });
    await world.tick();
    expect(await world.eligible('one')).toBe(0);
  });

  it('a tick with rollback disabled only reports that it would roll back, once, and does not advance', async () => {
    const world = await tickWorld({
      one: {
        percentage: 10,
        rollback: { enabled: false },
        steps: [{ percentage: 10 }, { percentage: 20 }],
        advance: 'commit',
      },
    });
    await world.record('one', { jobs: 40, errors: 20, category: 'small' });
    const first = await world.tick();
    expect(verdictOf(first, 'one')).toEqual(['harmful', 'over_limit', 'all', 'would_roll_back']);
    expect(first.printed).toEqual(['critical harmful one']);
    await world.record('one', { jobs: 40, errors: 40, category: 'large' });
    const again = await world.tick();
    expect(verdictOf(again, 'one')[3]).toBe('would_roll_back');
    expect(again.printed).toEqual([]);
    expect(await world.incidents()).toEqual([]);
    expect(await world.row('one')).toMatchObject({ percentage: 10, active: true });
  });

  it('a tick waits with an error, and never rolls back, when the counts are impossible', async () => {
    const world = await tickWorld({ bad: { percentage: 10 }, good: { percentage: 10 } });
    await world.record('bad', { jobs: 20, errors: 15 });
    await world.record('good', { jobs: 100 });
    await world.db.pool.query(`update rollout_metrics set error_count = 2 where feature_name = 'bad'`);
    const result = await world.tick();
    expect(verdictOf(result, 'bad')).toEqual(['error', 'impossible_evidence', 'all', 'none']);
    expect(verdictOf(result, 'good')[0]).toBe('healthy');
    expect(result.printed).toEqual(['warning error bad']);
    expect(await world.row('bad')).toMatchObject({ percentage: 10, active: true });
    expect((await world.tick()).printed).toEqual([]);
  });
});
