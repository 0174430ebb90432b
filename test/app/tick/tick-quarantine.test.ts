import { describe, expect, it } from 'vitest';
import { quarantineWorst } from '../../../src/app/health/quarantine-worst.ts';
import { resumeSubject } from '../../../src/app/quarantine/resume-subject.ts';
import { quarantineLimit } from '../../../src/domain/quarantine/quarantine.ts';
import { record } from '../../helpers/data/traffic.ts';
import { fileOf } from '../../helpers/projects/project.ts';
import { type TickWorld, tickWorld, verdictOf, WITHOUT_FUSE } from '../../helpers/projects/tick-world.ts';

const QUARANTINE = { percentage: 100, rollback: { few_subjects: 'quarantine', fuse: false } };

/** One subject fails in every quarter of an hour; six others had a job each, which went well. */
async function failsAlone(world: TickWorld, subject = 'bad', quarters = 8): Promise<void> {
  const others = [1, 2, 3, 4, 5, 6].map((n) => ({ jobs: 1, subject: `good${n}` }));
  await record(world.db, 'one', ...others);
  for (let n = 0; n < quarters; n++) {
    await world.record('one', { jobs: 4, errors: 4, subject });
    await world.pass(15);
  }
}

const admits = async (world: TickWorld, subject: string) => {
  const [row] = await world.db.rows<{ eligible: boolean; reason: string }>(
    `select eligible, reason from rollout_evaluate('one', $1)`,
    [subject],
  );
  return row;
};

describe('a subject that fails alone, with few_subjects: quarantine', () => {
  it('quarantine removes only the subject that fails alone, in the database and then in the file', async () => {
    const world = await tickWorld({ one: QUARANTINE });
    await failsAlone(world);
    const before = await world.row('one');
    const first = await world.tick();
    expect(verdictOf(first, 'one')).toEqual(['suspect', 'few_subjects', 'all', 'quarantined']);
    expect(first.printed).toContain('warning quarantined one');
    expect(first.quarantines).toMatchObject([{ feature: 'one', subjects: ['bad'], state: 'done' }]);
    expect(await admits(world, 'bad')).toMatchObject({ eligible: false, reason: 'blacklist' });
    expect(await admits(world, 'good1')).toMatchObject({ eligible: true });
    expect(await world.row('one')).toEqual(before);
    expect(await world.incidents('one')).toEqual([]);
    expect(await world.fileAt()).toMatch(/blacklist:\s*(\n\s*)?(\[|-)\s*bad/);
    const [row] = await world.db.rows(
      `select action, metadata -> 'quarantined' as who from rollout_history where action = 'quarantined'`,
    );
    expect(row).toEqual({ action: 'quarantined', who: ['bad'] });
    // What is left is the evidence of the others.
    expect(verdictOf(await world.tick(), 'one')[1]).not.toBe('few_subjects');
  });

  it('a quarantined subject stays out when an older file is reconciled, until a person releases it', async () => {
    const world = await tickWorld({ one: { ...QUARANTINE, whitelist: ['bad'] } });
    await failsAlone(world);
    await world.tick();
    expect(await world.fileAt()).not.toMatch(/whitelist:\s*(\n\s*)?(\[|-)\s*bad/);
    const older = fileOf({ one: { ...QUARANTINE, whitelist: ['bad'] } }, WITHOUT_FUSE);
    await world.commit(older, 'the file as it was');
    await world.reconcile();
    expect(await admits(world, 'bad')).toMatchObject({ eligible: false });
    const deps = { ...world.controller, actor: 'maria' };
    const input = { feature: 'one', subject: 'bad', reason: 'fixed', agree: async () => true };
    expect(await resumeSubject(deps, input)).toMatchObject({ released: true, change: null });
    expect(await admits(world, 'bad')).toMatchObject({ eligible: true, reason: 'whitelist' });
    await expect(resumeSubject(deps, input)).rejects.toThrow(/not in quarantine of one/);
  });

  it("a resume of a quarantined subject removes it from the file's blacklist", async () => {
    const world = await tickWorld({ one: QUARANTINE });
    await failsAlone(world);
    await world.tick();
    const deps = { ...world.controller, actor: 'maria' };
    const input = { feature: 'one', subject: 'bad', reason: 'fixed' };
    const declined = await resumeSubject(deps, { ...input, agree: async () => false });
    expect(declined.released).toBe(false);
    expect(await admits(world, 'bad')).toMatchObject({ eligible: false });
    const resumed = await resumeSubject(deps, { ...input, agree: async () => true });
    expect(resumed).toMatchObject({ released: true, change: { file: { state: 'committed' } } });
    expect(await admits(world, 'bad')).toMatchObject({ eligible: true });
    expect(await world.fileAt()).not.toContain('bad');
  });

  it('a released subject is judged by its jobs from then on', async () => {
    const world = await tickWorld({ one: QUARANTINE });
    await failsAlone(world);
    await world.tick();
    const deps = { ...world.controller, actor: 'maria' };
    await resumeSubject(deps, { feature: 'one', subject: 'bad', reason: 'fixed', agree: async () => true });
    await world.pass(15);
    expect(verdictOf(await world.tick(), 'one')[1]).not.toBe('few_subjects');
    expect(await admits(world, 'bad')).toMatchObject({ eligible: true });
    await failsAlone(world);
    const again = await world.tick();
    expect(verdictOf(again, 'one')).toEqual(['suspect', 'few_subjects', 'all', 'quarantined']);
    expect(again.printed).toContain('warning quarantined one');
    expect(await admits(world, 'bad')).toMatchObject({ eligible: false });
  });

  it("a failing subject stays in when the epoch's share of quarantine is used up", async () => {
    const world = await tickWorld({ one: QUARANTINE });
    for (const subject of ['bad1', 'bad2', 'bad3']) {
      await failsAlone(world, subject);
      expect(verdictOf(await world.tick(), 'one')[3]).toBe('quarantined');
    }
    await failsAlone(world, 'bad4');
    const full = await world.tick();
    expect(verdictOf(full, 'one')).toEqual(['suspect', 'few_subjects', 'all', 'none']);
    expect(full.results[0]?.note).toEqual({ code: 'quarantine_full', most: 3 });
    expect(await admits(world, 'bad4')).toMatchObject({ eligible: true });
  });

  it('a quarantine neither ends a rollback nor is ended by one', async () => {
    const world = await tickWorld({ one: QUARANTINE });
    await failsAlone(world);
    await world.tick();
    const { controller } = world;
    const taken = await controller.store.incidents.rollBack({
      ...{ feature: 'one', actor: 'maria', reason: 'by hand', severity: 'warning', to: null },
      ...{ evidence: {}, epoch: null },
    });
    expect(taken.done).toBe(true);
    await world.tick();
    expect(await world.incidents('one')).toMatchObject([{ write_back: 'done' }]);
    const inside = await controller.store.reading((read) => read.incidents.quarantined('one'));
    expect(inside).toMatchObject([{ subject: 'bad', write_back: 'done' }]);
  });

  it('a subject that fails alone is only named when few_subjects is not quarantine', async () => {
    const world = await tickWorld({ one: { percentage: 100 } });
    await failsAlone(world);
    expect(verdictOf(await world.tick(), 'one')).toEqual(['suspect', 'few_subjects', 'all', 'none']);
    expect(await admits(world, 'bad')).toMatchObject({ eligible: true });
  });
});

/** Of 90 subjects with 200 jobs an hour one has a third of the jobs, and fails in three windows of five minutes. */
async function failsAThird(world: TickWorld): Promise<void> {
  for (let n = 0; n < 3; n++) {
    await world.record(
      'one',
      ...Array.from({ length: 11 }, (_, k) => ({
        jobs: 1,
        subject: `good${n * 11 + k}`,
        minutesAgo: 10 - n * 5,
      })),
      { jobs: 6, errors: 6, subject: 'bad', minutesAgo: 10 - n * 5 },
    );
  }
}

describe('a subject with a third of the jobs, all failing', () => {
  it('a subject with a third of the jobs is named within twenty failures, while the score of all is low', async () => {
    const world = await tickWorld({ one: { percentage: 100 } });
    await failsAThird(world);
    const [judged] = (await world.tick()).results;
    expect(judged?.judgement).toMatchObject({ verdict: 'suspect', reasonCode: 'few_subjects' });
    expect(judged?.judgement.worst).toMatchObject([{ subject: 'bad', jobs: 18, failed: 18 }]);
    expect(judged?.judgement.scores.absolute).toBeLessThan(Math.log(1_000));
    expect(judged?.judgement.reason).toContain('bad alone is to blame: 18 of 18 jobs failed since');
    expect(await world.incidents('one')).toEqual([]);
  });

  it('a failing subject with a third of the jobs goes into quarantine when few_subjects is quarantine', async () => {
    const world = await tickWorld({ one: QUARANTINE });
    await failsAThird(world);
    expect(verdictOf(await world.tick(), 'one')).toEqual(['suspect', 'few_subjects', 'all', 'quarantined']);
    expect(await admits(world, 'bad')).toMatchObject({ eligible: false, reason: 'blacklist' });
    expect(verdictOf(await world.tick(), 'one')[1]).not.toBe('few_subjects');
  });

  it('a failing subject with a third of the jobs is not named when few_subjects is rollback', async () => {
    const world = await tickWorld({ one: { percentage: 100, rollback: { few_subjects: 'rollback' } } });
    await failsAThird(world);
    expect(verdictOf(await world.tick(), 'one')[1]).not.toBe('few_subjects');
  });
});

describe('a subject that the fuse put into quarantine', () => {
  const FUSED = { percentage: 100, rollback: { few_subjects: 'quarantine', fuse: true } };

  /** One subject fails in every quarter of an hour, and the fuse looks at each of its failures. */
  async function fusedAlone(world: TickWorld): Promise<void> {
    await record(world.db, 'one', ...[1, 2, 3, 4, 5, 6].map((n) => ({ jobs: 1, subject: `good${n}` })));
    for (let n = 0; n < 8; n++) {
      await record(world.db, 'one', { jobs: 4, errors: 4, subject: 'bad' });
      await world.pass(15);
    }
  }

  it('a subject that the fuse quarantined is blacklisted in the file by the next tick, and notified of once', async () => {
    const world = await tickWorld({ one: FUSED });
    await fusedAlone(world);
    const inside = await world.controller.store.reading((read) => read.incidents.quarantined('one'));
    expect(inside).toMatchObject([{ subject: 'bad', began_by: 'fuse', write_back: 'pending' }]);
    const first = await world.tick();
    expect(first.quarantines).toMatchObject([{ feature: 'one', subjects: ['bad'], state: 'done' }]);
    expect(first.printed.filter((line) => line.includes('one'))).toEqual(['warning quarantined one']);
    expect(verdictOf(first, 'one')[1]).not.toBe('few_subjects');
    expect(await world.fileAt()).toMatch(/blacklist:\s*(\n\s*)?(\[|-)\s*bad/);
    expect(await world.incidents('one')).toEqual([]);
    expect((await world.tick()).printed).toEqual([]);
  });

  it('a tick that named a subject before the fuse took it out adds no second quarantine and no notification', async () => {
    const world = await tickWorld({ one: FUSED });
    await fusedAlone(world);
    const { store } = world.controller;
    const worst = [{ subject: 'bad', jobs: 32, failed: 32 }];
    const found = await quarantineWorst(
      world.controller,
      { feature: 'one', epoch: (await world.row('one')).epoch, reason: 'bad alone is to blame', worst },
      { actor: 'ticker', dryRun: false },
    );
    expect(found).toEqual({
      ...{ action: 'quarantined', note: { code: 'quarantined', feature: 'one', subjects: ['bad'] } },
    });
    expect(await store.reading((read) => read.incidents.quarantined('one'))).toHaveLength(1);
    expect(await world.db.rows(`select from rollout_history where action = 'quarantined'`)).toHaveLength(1);
    expect(await world.db.rows(`select from rollout_outbox where kind = 'quarantined'`)).toHaveLength(1);
  });
});

describe('how many subjects may be put into quarantine', () => {
  it('at most 1% of the exposed subjects may be in quarantine, and at least three', () => {
    expect([0, 90, 300, 399, 400, 12_345].map(quarantineLimit)).toEqual([3, 3, 3, 3, 4, 123]);
  });
});

describe('the score in the database', () => {
  it('the score in the database is as if a quarantined subject had never been in', async () => {
    const world = await tickWorld({ one: QUARANTINE });
    await failsAlone(world);
    const score = async () => {
      await world.controller.store.health.tripFuse();
      const [row] = await world.db.rows<{ failed: number; score: number; spans: number }>(
        `select l.score, (select sum(failed)::int from rollout_slices where scope = 'all') as failed,
           (select count(*)::int from rollout_spans where subject_id = 'bad') as spans
         from rollout_levels l where l.kind = 'limit' and l.scope = 'all' order by epoch desc limit 1`,
      );
      return row;
    };
    const before = await score();
    expect(before?.failed).toBeGreaterThan(0);
    await world.tick();
    // Whatever still comes of its jobs leaves as well.
    await world.record('one', { jobs: 4, errors: 4, subject: 'bad' });
    const after = await score();
    expect(after).toMatchObject({ failed: 0, spans: 0 });
    expect(after?.score).toBeLessThan(before?.score ?? 0);
  });
});
