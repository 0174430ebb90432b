import { describe, expect, it } from 'vitest';
import { resumeFeature } from '../../../src/app/operate/resume.ts';
import { rollBack } from '../../../src/app/operate/rollback.ts';
import { setPercentage } from '../../../src/app/operate/set.ts';
import { planFile } from '../../../src/app/reconcile/plan.ts';
import { words } from '../../../src/report/kept.ts';
import { agreeing, FILE, unasked, type World, world, yes } from '../changing-world.ts';

const reason = 'mended in 1.4.2';

/** Rolled back from 25% to off, its write-back proposed and not merged: the incident is open. */
async function held(text = FILE): Promise<World> {
  const itself = await world(text);
  await rollBack(itself.deps, {
    feature: 'checkout',
    to: null,
    reason: 'payments fail',
    via: 'pull_request',
  });
  return itself;
}

const STALE = expect.objectContaining({
  severity: 'warning',
  path: 'features.checkout.resumes',
  message: 'resumes: 1 has no effect: incident 1 of checkout is not open; remove the line',
});

/** The same with the write-back in the file: the incident is settled. */
async function settled(): Promise<World> {
  const itself = await world();
  await rollBack(itself.deps, { feature: 'checkout', to: null, reason: 'payments fail' });
  return itself;
}

const RESUMED = FILE.replace('    steps: playbook\n', '    steps: playbook\n    resumes: 1\n');

describe('resume of a held feature', () => {
  it('resume writes the permit, withdraws our write-back and edits the file, and reconcile applies it', async () => {
    const { deps, live, lastChange, lastMessage, incidentStates, db, mine, remote } = await held();
    const { agree, asked } = agreeing();
    const before = await epoch(db);
    const outcome = await resumeFeature(deps, { feature: 'checkout', percentage: 10, reason, agree });
    expect(asked).toMatchObject([{ code: 'resume', targets: [{ feature: 'checkout', percentage: 10 }] }]);
    expect(outcome).toMatchObject({ file: { state: 'committed' }, obstacle: null });
    expect(await lastChange()).toEqual([
      '-    percentage: 25             # a quarter',
      '+    percentage: 10             # a quarter',
      '+    resumes: 1',
    ]);
    const message = await lastMessage();
    expect(message).toContain(`${words.title(outcome.requested)}\n\n${words.facts(outcome.requested)[0]}\n`);
    expect(message).toMatch(
      /\nReason: mended in 1\.4\.2\n[\s\S]*\nRollout-Resumes: 1\nRollout-Feature: checkout\n/,
    );
    expect(await live('checkout')).toBe('10%');
    expect(await incidentStates('checkout')).toEqual(['resumed']);
    // What is resumed waits for no write-back any more, and nobody should be told that it does.
    expect(await db.rows('select write_back from rollout_incidents')).toEqual([{ write_back: 'not_needed' }]);
    expect(await epoch(db)).toBe(before + 1);
    expect(await mine.git('--git-dir', remote, 'branch', '--format=%(refname:short)')).toBe('main');
    const history = await db.rows(
      'select action, reason, triggered_by from rollout_history order by id desc limit 2',
    );
    expect(history).toEqual([
      {
        action: 'resumed',
        reason: expect.stringMatching(/^mended in 1\.4\.2 \(/),
        triggered_by: 'ada',
      },
      { action: 'note', reason: `may be raised again up to 10%: ${reason}`, triggered_by: 'ada' },
    ]);
    const [permit] = await db.rows(
      `select permit -> 'ceiling' ->> 'percentage' as up_to, permit ->> 'granted_by' as by, permit ->> 'reason' as why,
         ((permit ->> 'expires_at')::timestamptz - now())::text ~ '^6 days 23:5' as for_a_week
       from rollout_incidents`,
    );
    expect(permit).toEqual({ up_to: '10', by: 'ada', why: reason, for_a_week: true });
  });

  it("resume without a percentage goes to the file's one when the file has the feature on", async () => {
    const { deps, live, committed } = await held();
    const outcome = await resumeFeature(deps, { feature: 'checkout', reason, ...yes });
    expect(outcome).toMatchObject({ file: { state: 'committed' }, obstacle: null });
    expect(await live('checkout')).toBe('25%');
    expect(await committed()).toBe(RESUMED);
  });

  it('resume by pull request changes nothing before the merge, and is applied after it', async () => {
    const { deps, live, committed, incidentStates, mine, reconcile } = await held();
    const outcome = await resumeFeature(deps, {
      feature: 'checkout',
      percentage: 10,
      reason,
      via: 'pull_request',
      ...yes,
    });
    expect(outcome).toMatchObject({ file: { state: 'proposed', branch: 'rollout/resume/checkout' } });
    await reconcile();
    expect([await live('checkout'), await committed()]).toEqual(['off', FILE]);
    // What a person is just raising again is not proposed to be rolled back.
    expect(await deps.store.reading((read) => read.incidents.pendingWriteBacks())).toEqual([]);
    await mine.git('fetch', '--quiet');
    await mine.git('merge', '--quiet', 'origin/rollout/resume/checkout');
    await mine.git('push', '--quiet');
    await reconcile();
    expect(await live('checkout')).toBe('10%');
    expect(await incidentStates('checkout')).toEqual(['resumed']);
  });

  it('resume by pull request raises nothing before the merge, even if the file already asks for it', async () => {
    const { deps, live, committed, mine, reconcile } = await held();
    const input = { feature: 'checkout', reason, via: 'pull_request', ...yes } as const;
    expect(await resumeFeature(deps, input)).toMatchObject({ file: { state: 'proposed' }, reconciled: null });
    for (let tick = 0; tick < 2; tick++) {
      expect((await reconcile()).changes).toMatchObject([
        { action: 'held', reason: { code: 'held', permit: { code: 'no_resumes', incident: '1' } } },
      ]);
    }
    expect([await live('checkout'), await committed()]).toEqual(['off', FILE]);
    // A squash keeps what is in the file, and nothing of the messages.
    await mine.git('fetch', '--quiet');
    await mine.git('merge', '--quiet', '--squash', 'origin/rollout/resume/checkout');
    await mine.git('commit', '--quiet', '-m', 'resume it (#3)');
    await mine.git('push', '--quiet');
    await reconcile();
    expect([await live('checkout'), await committed()]).toEqual(['25%', RESUMED]);
    expect((await reconcile()).changes).toEqual([]);
  });

  it('resumes that was written by hand raises nothing without a permit, and a plan names it', async () => {
    const { deps, live, merge, reconcile } = await held();
    await merge(RESUMED);
    expect((await reconcile()).changes).toMatchObject([
      { action: 'held', reason: { code: 'held', permit: { code: 'no_permit', resumes: '1' } } },
    ]);
    expect(await live('checkout')).toBe('off');
    const tip = await deps.repository.readTip();
    expect((await planFile(deps, tip)).problems).not.toContainEqual(STALE);
    await resumeFeature(deps, { feature: 'checkout', reason, ...yes });
    expect(await live('checkout')).toBe('25%');
    expect((await planFile(deps, tip)).problems).toContainEqual(STALE);
  });

  it('resumes is removed with the next edit, and its number does not fit another incident', async () => {
    const { deps, live, committed, reconcile } = await held();
    await resumeFeature(deps, { feature: 'checkout', reason, ...yes });
    const { spec } =
      (await deps.store.reading((read) => read.features.actual('checkout'))).get('checkout') ?? {};
    expect(spec).not.toHaveProperty('resumes');
    await rollBack(deps, { feature: 'checkout', to: 10, reason: 'again', via: 'pull_request' });
    await reconcile();
    expect(await live('checkout')).toBe('10%');
    await resumeFeature(deps, { feature: 'checkout', reason, ...yes });
    expect(await committed()).toContain('resumes: 2\n');
    await setPercentage(deps, { feature: 'checkout', percentage: 20, ...yes });
    expect(await committed()).not.toContain('resumes');
    expect(await live('checkout')).toBe('20%');
  });

  it('resume by commit is refused with advance: pull_request before a permit is granted', async () => {
    const reviewed = FILE.replace('steps: playbook', 'steps: playbook\n    advance: pull_request');
    const { deps, live, committed } = await world(reviewed);
    await rollBack(deps, { feature: 'checkout', to: null, reason: 'it fails', via: 'pull_request' });
    const input = { feature: 'checkout', reason, ...yes };
    await expect(resumeFeature(deps, { ...input, via: 'commit' })).rejects.toMatchObject({
      message: 'checkout is raised by pull requests only: the file says advance: pull_request',
      hint: 'use --via pull_request',
    });
    const [incident] = await deps.store.reading((read) => read.incidents.current());
    expect([incident?.permit, await live('checkout'), await committed()]).toEqual([null, 'off', reviewed]);
    expect(await resumeFeature(deps, input)).toMatchObject({ file: { state: 'proposed' } });
  });

  it('resume by commit may go up to a step with approve, but not reach it', async () => {
    const approved = FILE.replace(
      'steps: playbook',
      'steps: [{ percentage: 10 }, { percentage: 25, approve: true }]',
    );
    const { deps, live } = await world(approved);
    await rollBack(deps, { feature: 'checkout', to: null, reason: 'it fails' });
    const input = { feature: 'checkout', reason, via: 'commit', ...yes } as const;
    await expect(resumeFeature(deps, { ...input, percentage: 25 })).rejects.toThrow(
      'checkout reaches 25% by a pull request only',
    );
    expect(await live('checkout')).toBe('off');
    await resumeFeature(deps, { ...input, percentage: 10 });
    expect(await live('checkout')).toBe('10%');
  });

  it("a higher percentage than the permit's, merged meanwhile, stays held", async () => {
    const { deps, live, merge, reconcile, incidentStates } = await held();
    const input = { feature: 'checkout', percentage: 10, reason, via: 'pull_request' } as const;
    await resumeFeature(deps, { ...input, ...yes });
    await merge(RESUMED.replace('25  ', '11  '));
    const { changes } = await reconcile();
    expect(changes).toMatchObject([
      {
        feature: 'checkout',
        action: 'held',
        reason: { code: 'held', permit: { code: 'above_permit', incident: '1' } },
      },
    ]);
    expect(await live('checkout')).toBe('off');
    await merge((text) => text.replace('11  ', '10  '));
    await reconcile();
    expect(await live('checkout')).toBe('10%');
    expect(await incidentStates('checkout')).toEqual(['resumed']);
  });

  it('a permit expires after a week: the merge is held, and the write-back is pending again', async () => {
    const { deps, live, merge, reconcile, db } = await held();
    const input = { feature: 'checkout', percentage: 10, reason, via: 'pull_request' } as const;
    await resumeFeature(deps, { ...input, ...yes });
    await db.pool.query(
      `update rollout_incidents set permit = permit || jsonb_build_object('expires_at', now() - interval '1 second')`,
    );
    await merge((text) => text.replace('25  ', '10  '));
    expect((await reconcile()).changes).toMatchObject([{ feature: 'checkout', action: 'held' }]);
    expect(await live('checkout')).toBe('off');
    expect(await deps.store.reading((read) => read.incidents.pendingWriteBacks())).toMatchObject([
      { incident: '1' },
    ]);
  });

  it('a permit is void when the feature is rolled back again', async () => {
    const { deps, live, incidentStates, reconcile } = await held();
    const input = { feature: 'checkout', percentage: 10, reason, via: 'pull_request' } as const;
    await resumeFeature(deps, { ...input, ...yes });
    await deps.store.incidents.stop('checkout', 'worse than before', 'bob');
    await reconcile();
    expect(await live('checkout')).toBe('stopped');
    expect(await incidentStates('checkout')).toEqual(['superseded', 'open']);
  });

  it('resume is refused above the percentage before the incident', async () => {
    const { deps, live } = await held();
    await expect(
      resumeFeature(deps, { feature: 'checkout', percentage: 26, reason, ...yes }),
    ).rejects.toMatchObject({ message: '26% is more than the 25% that checkout had before the incident' });
    expect(await live('checkout')).toBe('off');
    const [incident] = await deps.store.reading((read) => read.incidents.current());
    expect(incident?.permit).toBeNull();
  });

  it('resume does nothing without a confirmation', async () => {
    const { deps, live, committed } = await held();
    const { agree } = agreeing(false);
    const outcome = await resumeFeature(deps, { feature: 'checkout', percentage: 10, reason, agree });
    expect(outcome).toMatchObject({ file: null, permits: [], obstacle: { code: 'declined' } });
    const [incident] = await deps.store.reading((read) => read.incidents.current());
    expect(incident?.permit).toBeNull();
    expect([await live('checkout'), await committed()]).toEqual(['off', FILE]);
  });

  it('resume of a stop removes the flag from the file, and leaves a feature off that was off before', async () => {
    const text = FILE.replace('steps: playbook', 'active: false').replace(
      'repository_size }',
      'repository_size, active: true }',
    );
    const { deps, live, incidentStates, committed } = await world(text);
    await deps.store.incidents.stop(null, 'all is broken', 'ada');
    const resumed = await resumeFeature(deps, { feature: 'checkout', reason, ...yes });
    expect(resumed.obstacle).toMatchObject({ code: 'everything_stopped' });
    expect(resumed.features).toEqual([
      { feature: 'checkout', percentage: null, incident: expect.any(String) },
    ]);
    expect(await live('checkout')).toBe('off');
    expect(await incidentStates('checkout')).toEqual(['resumed']);
    expect(await committed()).toMatch(/^ {4}resumes: \d+$/m);
    const again = await resumeFeature(deps, { feature: 'checkout', percentage: 25, reason, ...yes });
    expect(again.features).toEqual([{ feature: 'checkout', percentage: 25, incident: null }]);
    expect(await committed()).not.toContain('resumes');
  });
});

describe('resume of a feature that the file has off', () => {
  it('resume of a settled feature edits the file, and the commit after the settling one resumes it', async () => {
    const { deps, live, lastChange, incidentStates, db } = await settled();
    await expect(resumeFeature(deps, { feature: 'checkout', reason, ...yes })).rejects.toMatchObject({
      message: 'the file says off for checkout: add the percentage to resume to',
      hint: 'rollout resume checkout --percentage N --reason "...", at most 25',
    });
    const outcome = await resumeFeature(deps, { feature: 'checkout', percentage: 10, reason, ...yes });
    expect(outcome).toMatchObject({ obstacle: null, permits: [] });
    expect(await lastChange()).toEqual([
      '-    percentage: 0             # a quarter',
      '+    percentage: 10             # a quarter',
      '-    active: false',
      '+    active: true',
    ]);
    expect(await live('checkout')).toBe('10%');
    expect(await incidentStates('checkout')).toEqual(['resumed']);
    const [{ action } = {}] = await db.rows('select action from rollout_history order by id desc limit 1');
    expect(action).toBe('resumed');
  });

  it('resume of a settled feature is refused above the percentage before the incident', async () => {
    const { deps } = await settled();
    await expect(
      resumeFeature(deps, { feature: 'checkout', percentage: 50, reason, ...yes }),
    ).rejects.toThrow('50% is more than the 25%');
  });

  it('resume of a feature that was not rolled back says that there is nothing to resume', async () => {
    const { deps } = await world();
    await expect(resumeFeature(deps, { feature: 'checkout', reason, ...unasked })).rejects.toMatchObject({
      message: 'checkout is not held, and on in the file at 25%',
      hint: 'to change it, run: rollout set checkout N',
    });
  });
});

async function epoch(db: World['db']): Promise<number> {
  const [row] = await db.rows(`select epoch from rollout_configuration where feature_name = 'checkout'`);
  return row?.epoch;
}
