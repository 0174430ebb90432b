import { rename } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { writeBackPending } from '../../../src/app/incidents/write-back.ts';
import { rollBack } from '../../../src/app/operate/rollback.ts';
import { FILE, world } from '../changing-world.ts';

describe('rollback by hand', () => {
  it('a rollback switches the feature off for everyone, whitelist included, then writes back and settles', async () => {
    const { deps, live, lastChange, lastMessage, incidentStates } = await world();
    const outcome = await rollBack(deps, { feature: 'checkout', to: null, reason: 'payments fail' });
    expect(outcome).toMatchObject({
      incident: '1',
      from: 25,
      eligible: 0,
      written_back: { state: 'done' },
      pending: null,
    });
    expect(await live('checkout')).toBe('off');
    expect(await lastChange()).toEqual([
      '-    percentage: 25             # a quarter',
      '+    percentage: 0             # a quarter',
      '+    active: false',
    ]);
    expect(await lastMessage()).toMatch(/payments fail[\s\S]*\nRollout-Incident: 1\n/);
    expect(await incidentStates('checkout')).toEqual(['settled']);
  });

  it('a rollback of the strategy whitelist leaves nobody in, and refuses a percentage', async () => {
    const { deps, live, db } = await world();
    await expect(rollBack(deps, { feature: 'beta', to: 5, reason: 'no' })).rejects.toThrow('no percentage');
    expect(await rollBack(deps, { feature: 'beta', to: null, reason: 'no' })).toMatchObject({ eligible: 0 });
    expect(await live('beta')).toBe('off');
    const [row] = await db.rows(`select is_repository_eligible_for_rollout('r1', 'beta') as in`);
    expect(row).toEqual({ in: false });
  });

  it('a rollback to 0 leaves nobody in, and also rolls back what the whitelist admits at 0%', async () => {
    const { deps, live } = await world();
    for (const feature of ['checkout', 'beta']) {
      const outcome = await rollBack(deps, { feature, to: 0, reason: 'payments fail' });
      expect(outcome).toMatchObject({ incident: expect.any(String), to: null, eligible: 0 });
      expect(await live(feature)).toBe('off');
    }
  });

  it('a rollback to a lower percentage lowers the feature to that', async () => {
    const { deps, live, committed } = await world();
    expect(await rollBack(deps, { feature: 'checkout', to: 10, reason: 'slower' })).toMatchObject({
      from: 25,
      to: 10,
    });
    expect(await live('checkout')).toBe('10%');
    expect(await committed()).toBe(FILE.replace('25  ', '10  '));
  });

  it('a rollback that would remove nobody does nothing and says so', async () => {
    const { deps, incidentStates, committed } = await world();
    const outcome = await rollBack(deps, { feature: 'checkout', to: 50, reason: 'oops' });
    expect(outcome).toMatchObject({ incident: null, nothing: { code: 'not_above', percentage: 25, to: 50 } });
    expect(await incidentStates('checkout')).toEqual([]);
    expect(await committed()).toBe(FILE);
    await expect(rollBack(deps, { feature: 'nobody', to: null, reason: 'x' })).rejects.toMatchObject({
      code: 'unknown_feature',
    });
  });

  it('a rollback while the repository cannot be written is live, and is written back with a later one', async () => {
    const { deps, live, remote, incidentStates, committed } = await world();
    await rename(remote, `${remote}.away`);
    const outcome = await rollBack(deps, { feature: 'checkout', to: null, reason: 'payments fail' });
    expect(outcome).toMatchObject({
      incident: '1',
      pending: { code: 'write_back_pending', error: expect.stringContaining('origin does not answer') },
    });
    expect(await live('checkout')).toBe('off');
    expect(await incidentStates('checkout')).toEqual(['open']);
    await rename(`${remote}.away`, remote);
    // Any later write-back takes the earlier one with it.
    await rollBack(deps, { feature: 'search', to: null, reason: 'it too' });
    expect(await committed()).toContain('active: false');
    expect(await incidentStates('checkout')).toEqual(['settled']);
  });

  it('a rollback by pull request leaves other write-backs to their own way, and stays a pull request', async () => {
    const { deps, db, committed, incidentStates } = await world();
    await deps.store.incidents.stop('search', 'it too', 'ada');
    const input = { feature: 'checkout', to: null, reason: 'payments fail', via: 'pull_request' } as const;
    expect(await rollBack(deps, input)).toMatchObject({ written_back: { state: 'proposed' } });
    expect(await committed()).toContain('emergency_stop: true');
    expect(await committed()).not.toContain('active: false');
    expect(
      await db.rows('select feature_name as feature, write_back as state from rollout_incidents order by id'),
    ).toEqual([
      { feature: 'search', state: 'done' },
      { feature: 'checkout', state: 'proposed' },
    ]);
    // As a tick does.
    expect(await writeBackPending(deps)).toMatchObject([{ feature: 'checkout', state: 'proposed' }]);
    expect(await incidentStates('checkout')).toEqual(['open']);
    expect(await committed()).not.toContain('active: false');
  });

  it('a rollback by file leaves the commit to a person, and other write-backs to their own way', async () => {
    const { deps, mine, committed } = await world();
    await deps.store.incidents.stop('search', 'it too', 'ada');
    await rollBack(deps, { feature: 'checkout', to: null, reason: 'payments fail', via: 'file' });
    expect(await committed()).toContain('emergency_stop: true');
    expect(await committed()).not.toContain('active: false');
    expect(await mine.git('diff', '--', 'rollout.yaml')).toContain('+    active: false');
  });

  it('a rollback by pull request is held until somebody merges it', async () => {
    const { deps, live, incidentStates, committed, reconcile } = await world();
    const input = { feature: 'checkout', to: null, reason: 'payments fail', via: 'pull_request' } as const;
    expect(await rollBack(deps, input)).toMatchObject({
      written_back: { state: 'proposed' },
      pending: { code: 'merge', branch: null },
    });
    await reconcile();
    expect(await live('checkout')).toBe('off');
    expect(await incidentStates('checkout')).toEqual(['open']);
    expect(await committed()).toBe(FILE);
  });
});
