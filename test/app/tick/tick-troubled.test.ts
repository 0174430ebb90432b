import { rename } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { tickFile, tickWorld, verdictOf } from '../../helpers/projects/tick-world.ts';

const HARM = { jobs: 20, errors: 15 };

describe('a tick whose file cannot be reconciled', () => {
  it('a tick judges, rolls back, notifies and writes its heartbeat although the file does not parse', async () => {
    const world = await tickWorld({ one: { percentage: 25 }, two: { percentage: 5 } });
    await world.commit('features: [\n', 'half saved');
    await world.record('one', HARM);
    await world.record('two', { jobs: 50 });
    const result = await world.tick();
    expect(result.reconciled?.problems.some(({ severity }) => severity === 'error')).toBe(true);
    expect(verdictOf(result, 'one')[3]).toBe('rolled_back');
    expect(verdictOf(result, 'two')[0]).toBe('healthy');
    expect(result.printed).toEqual(['critical rolled_back one']);
    expect(result.heartbeat).toBeInstanceOf(Date);
    expect(await world.fileAt()).toBe('features: [\n');
  });

  it('a tick works from the specs in the database when the repository is gone', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    await rename(`${world.dir}/.git`, `${world.dir}/.gone`);
    await rename(world.file, `${world.file}.gone`);
    await world.record('one', HARM);
    const result = await world.tick();
    expect(result.reconcile_error).not.toBeNull();
    expect(verdictOf(result, 'one')[3]).toBe('rolled_back');
    expect(result.written_back).toMatchObject([{ state: 'pending' }]);
    expect(result.heartbeat).toBeInstanceOf(Date);
  });

  it('a tick goes on when the tip does not descend from the last applied commit', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.repository.git('checkout', '--quiet', '--orphan', 'other');
    await world.commit(tickFile({ one: { percentage: 80 } }), 'history rewritten');
    await world.repository.git('branch', '--quiet', '-M', 'other', 'main');
    await world.record('one', HARM);
    const result = await world.tick();
    expect(result.reconcile_error?.message).toContain('history was rewritten');
    expect(verdictOf(result, 'one')[3]).toBe('rolled_back');
    expect(await world.row('one')).toMatchObject({ percentage: 0, active: false });
  });

  it("a tick's reconcile error is gone once the next reconcile succeeds", async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.write(tickFile({ one: { percentage: 26 } }));
    expect((await world.tick()).reconcile_error?.message).toContain('changes that are not committed');
    await world.repository.git('checkout', '--quiet', '--', 'rollout.yaml');
    expect((await world.tick()).reconcile_error).toBeNull();
  });
});

describe('a tick on a database with a fault', () => {
  it('a tick reports a feature that was never reconciled as not judged', async () => {
    const world = await tickWorld({ one: { percentage: 25 }, two: { percentage: 5 } });
    await world.commit('features: [\n', 'half saved');
    await world.db.pool.query(
      `update rollout_configuration set spec = jsonb_set(spec, '{rollback,enabled}', 'false') where feature_name = 'one'`,
    );
    await world.record('one', HARM);
    await world.record('two', HARM);
    const result = await world.tick();
    expect(verdictOf(result, 'one')).toEqual(['error', 'impossible_evidence', 'all', 'none']);
    expect(verdictOf(result, 'two')[3]).toBe('rolled_back');
    expect(result.printed).toContain('warning error one');
  });

  it('a tick rolls back the other features when one cannot be rolled back', async () => {
    const world = await tickWorld({ one: { percentage: 25 }, two: { percentage: 5 } });
    await world.db.pool.query(
      `alter table rollout_configuration add constraint house_rule check (feature_name <> 'one' or is_active)`,
    );
    await world.record('one', HARM);
    await world.record('two', HARM);
    const result = await world.tick();
    expect(verdictOf(result, 'one')[0]).toBe('error');
    expect(result.results[0]?.judgement.reason).toContain('house_rule');
    expect(verdictOf(result, 'two')[3]).toBe('rolled_back');
    expect(result.heartbeat).toBeInstanceOf(Date);
  });

  it('a tick notifies and writes its heartbeat although tidying up failed', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.record('one', HARM);
    await world.db.pool.query(
      `create or replace function rollout_maintain(keep_days integer default 90, ahead_days integer default 7)
       returns table (created integer, dropped integer, forgotten bigint, thinned bigint) language plpgsql as
       $$ begin raise exception 'no room for a partition'; end $$`,
    );
    const result = await world.tick();
    expect(result.problems).toEqual([expect.stringMatching(/^tidying up failed: .*no room/)]);
    expect(result.printed[0]).toBe('critical rolled_back one');
    expect(result.heartbeat).toBeInstanceOf(Date);
  });

  it('a tick raises an alarm when the database still admits somebody after a rollback', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.db.pool.query(
      `create or replace function rollout_count_eligible(feature text)
       returns table (category text, eligible bigint, total bigint) language sql as
       $$ select 'small', 3::bigint, 9::bigint $$`,
    );
    await world.record('one', HARM);
    expect((await world.tick()).printed).toContain('critical still_exposed one');
  });

  it('a tick judges nothing during a global stop, not even a feature added since', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.controller.store.incidents.stop(null, 'everything burns', 'ada');
    await world.commit(tickFile({ one: { percentage: 25 }, later: { percentage: 100 } }), 'a new feature');
    const result = await world.tick();
    expect(result.results).toEqual([]);
    expect(await world.row('later')).toMatchObject({ percentage: 100, active: true });
    expect(await world.eligible('later')).toBe(0);
    const [said] = await world.db.rows(`select eligible, reason from rollout_evaluate('later', 'r1')`);
    expect(said).toEqual({ eligible: false, reason: 'global_stop' });
  });
});
