import { describe, expect, it } from 'vitest';
import { writeBackPending } from '../../../src/app/incidents/write-back.ts';
import { resumeAll } from '../../../src/app/operate/resume.ts';
import { rollBack } from '../../../src/app/operate/rollback.ts';
import { words } from '../../../src/report/kept.ts';
import { agreeing, FILE, world, yes } from '../changing-world.ts';

const reason = 'the outage is over';

describe('resume --all', () => {
  it("resume --all lifts the global stop and restores each feature's exposure in one commit", async () => {
    const { deps, live, lastMessage, incidentStates, db } = await world();
    await deps.store.incidents.stop(null, 'all is broken', 'ada');
    const { agree, asked } = agreeing();
    const outcome = await resumeAll(deps, { reason, agree });
    expect(asked).toMatchObject([
      {
        code: 'resume',
        targets: [
          { feature: 'beta', percentage: null },
          { feature: 'checkout', percentage: 25 },
          { feature: 'search', percentage: 50 },
        ],
      },
    ]);
    expect(outcome).toMatchObject({
      unlatched: true,
      skipped: [],
      obstacle: null,
      file: { state: 'committed' },
    });
    expect([await live('beta'), await live('checkout'), await live('search')]).toEqual(['0%', '25%', '50%']);
    expect(await incidentStates('beta')).toEqual(['resumed']);
    expect(await lastMessage()).toContain(`${words.title(outcome.requested)}\n`);
    const { global_stop } = await deps.store.reading((read) => read.state());
    expect(global_stop).toBeNull();
    const [note] = await db.rows(
      'select feature_name, action, reason from rollout_history order by id desc limit 1',
    );
    expect(note).toEqual({
      feature_name: null,
      action: 'note',
      reason: 'the stop of everything is lifted: the outage is over',
    });
    expect(await deps.store.reading((read) => read.history.verify())).toMatchObject({ valid: true });
  });

  it('resume --all by pull request lifts nothing before the merge, and afterwards needs a second run', async () => {
    const { deps, live, mine, reconcile } = await world();
    await deps.store.incidents.stop(null, 'all is broken', 'ada');
    const outcome = await resumeAll(deps, { reason, via: 'pull_request', ...yes });
    expect(outcome).toMatchObject({
      unlatched: false,
      file: { state: 'proposed' },
      obstacle: { code: 'stays_stopped', until: { code: 'merge' } },
    });
    await reconcile();
    expect(await live('checkout')).toBe('stopped');
    expect((await deps.store.reading((read) => read.state())).global_stop).not.toBeNull();
    await mine.git('fetch', '--quiet');
    await mine.git('merge', '--quiet', 'origin/rollout/resume/all');
    await mine.git('push', '--quiet');
    await reconcile();
    expect(await resumeAll(deps, { reason, via: 'pull_request', ...yes })).toMatchObject({ unlatched: true });
    expect(await live('checkout')).toBe('25%');
    expect((await deps.store.reading((read) => read.state())).global_stop).toBeNull();
  });

  it('resume --all removes the written-back stop flags from the file', async () => {
    const { deps, live, committed, lastMessage, reconcile } = await world();
    await deps.store.incidents.stop(null, 'all is broken', 'ada');
    await writeBackPending(deps);
    await reconcile();
    expect(await committed()).toContain('emergency_stop: true');
    const outcome = await resumeAll(deps, { reason, ...yes });
    expect(outcome).toMatchObject({ unlatched: true, obstacle: null, file: { state: 'committed' } });
    // What it tells is how things stand now that the stop is lifted.
    expect(outcome.reconciled).toMatchObject({ global_stop: null });
    expect(await committed()).not.toContain('emergency_stop: true');
    expect(await lastMessage()).toContain(words.facts(outcome.requested).join('\n'));
    expect([await live('checkout'), await live('search')]).toEqual(['25%', '50%']);
  });

  it('resume --all leaves earlier rollbacks, and names the command that resumes them', async () => {
    const { deps, live } = await world();
    await rollBack(deps, { feature: 'checkout', to: null, reason: 'payments fail', via: 'pull_request' });
    await deps.store.incidents.stop(null, 'all is broken', 'ada');
    const outcome = await resumeAll(deps, { reason, ...yes });
    expect(outcome.skipped).toEqual([
      { feature: 'checkout', refusal: expect.objectContaining({ code: 'held' }) },
    ]);
    expect([await live('checkout'), await live('search')]).toEqual(['stopped', '50%']);
  });

  it('resume --all restores a feature that was at 0% with a whitelist, even after the file agreed', async () => {
    const { deps, live, committed, reconcile } = await world(
      FILE.replace('percentage: 25 ', 'percentage: 0 '),
    );
    await deps.store.incidents.stop(null, 'all is broken', 'ada');
    await writeBackPending(deps);
    await reconcile();
    const outcome = await resumeAll(deps, { reason, ...yes });
    expect(outcome).toMatchObject({ unlatched: true, skipped: [], obstacle: null });
    expect([await live('checkout'), await live('search')]).toEqual(['0%', '50%']);
    expect(await committed()).not.toContain('emergency_stop: true');
  });

  it('resume --all names what stays stopped in the file, and why', async () => {
    const { deps, live, reconcile } = await world();
    await rollBack(deps, { feature: 'checkout', to: null, reason: 'payments fail', via: 'pull_request' });
    await deps.store.incidents.stop(null, 'all is broken', 'ada');
    await writeBackPending(deps);
    await reconcile();
    const outcome = await resumeAll(deps, { reason, ...yes });
    expect(outcome.skipped).toEqual([
      { feature: 'checkout', refusal: expect.objectContaining({ code: 'held' }) },
    ]);
    expect([await live('checkout'), await live('search')]).toEqual(['stopped', '50%']);
  });

  it('resume --all leaves everything stopped without a confirmation', async () => {
    const { deps, live, committed } = await world();
    await deps.store.incidents.stop(null, 'all is broken', 'ada');
    const outcome = await resumeAll(deps, { reason, agree: async () => false });
    expect(outcome).toMatchObject({ unlatched: false, file: null });
    expect([await live('search'), await committed()]).toEqual(['stopped', FILE]);
    const { global_stop } = await deps.store.reading((read) => read.state());
    expect(global_stop).not.toBeNull();
  });

  it('resume --all does nothing when nothing is held', async () => {
    const { deps } = await world();
    const outcome = await resumeAll(deps, { reason, agree: async () => true });
    expect(outcome).toMatchObject({
      file: null,
      unlatched: false,
      obstacle: { code: 'nothing_held' },
    });
  });
});
