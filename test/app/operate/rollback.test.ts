import { rename } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { writeBackPending } from '../../../src/app/incidents/write-back.ts';
import { rollBack } from '../../../src/app/operate/rollback.ts';
import { FILE, world } from '../changing-world.ts';

describe('rollback by hand', () => {
  it('switches the feature off for everyone, whitelist included, then writes the file back and settles', async () => {
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

  it('of the strategy whitelist leaves nobody in, and takes no percentage', async () => {
    const { deps, live, db } = await world();
    await expect(rollBack(deps, { feature: 'beta', to: 5, reason: 'no' })).rejects.toThrow('no percentage');
    expect(await rollBack(deps, { feature: 'beta', to: null, reason: 'no' })).toMatchObject({ eligible: 0 });
    expect(await live('beta')).toBe('off');
    const [row] = await db.rows(`select is_repository_eligible_for_rollout('r1', 'beta') as in`);
    expect(row).toEqual({ in: false });
  });

  it('to 0 leaves nobody in either: what the whitelist admits at 0% is rolled back too', async () => {
    const { deps, live } = await world();
    for (const feature of ['checkout', 'beta']) {
      const outcome = await rollBack(deps, { feature, to: 0, reason: 'payments fail' });
      expect(outcome).toMatchObject({ incident: expect.any(String), to: null, eligible: 0 });
      expect(await live(feature)).toBe('off');
    }
  });

  it('to a lower percentage lowers to that', async () => {
    const { deps, live, committed } = await world();
    expect(await rollBack(deps, { feature: 'checkout', to: 10, reason: 'slower' })).toMatchObject({
      from: 25,
      to: 10,
    });
    expect(await live('checkout')).toBe('10%');
    expect(await committed()).toBe(FILE.replace('25  ', '10  '));
  });

  it('that would take nothing away does nothing and says so', async () => {
    const { deps, incidentStates, committed } = await world();
    const outcome = await rollBack(deps, { feature: 'checkout', to: 50, reason: 'oops' });
    expect(outcome).toMatchObject({ incident: null, nothing: { code: 'not_above', percentage: 25, to: 50 } });
    expect(await incidentStates('checkout')).toEqual([]);
    expect(await committed()).toBe(FILE);
    await expect(rollBack(deps, { feature: 'nobody', to: null, reason: 'x' })).rejects.toMatchObject({
      code: 'unknown_feature',
    });
  });

  it('is in the database although the repository cannot be written, and is written back when it can', async () => {
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

  it('by pull request leaves what else has to be written back to its own way, and stays a pull request', async () => {
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

  it('as an edit is left for a person to commit, and what else has to be written back goes its own way', async () => {
    const { deps, mine, committed } = await world();
    await deps.store.incidents.stop('search', 'it too', 'ada');
    await rollBack(deps, { feature: 'checkout', to: null, reason: 'payments fail', via: 'file' });
    expect(await committed()).toContain('emergency_stop: true');
    expect(await committed()).not.toContain('active: false');
    expect(await mine.git('diff', '--', 'rollout.yaml')).toContain('+    active: false');
  });

  it('by pull request is held until somebody merges it', async () => {
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
