import { describe, expect, it } from 'vitest';
import { misrouting } from '../../../src/domain/verdict/not-whole.ts';
import { openJobs, type Stamp } from '../../../src/store/outcomes/jobs.ts';
import { backdate } from '../../helpers/data/backdated.ts';
import { addRepositories } from '../../helpers/projects/project.ts';
import { ramp, type TickWorld, tickWorld, verdictOf } from '../../helpers/projects/tick-world.ts';

let stamps = 0;

/** 100 repositories and a feature at 50%, both older than any job. */
async function world(): Promise<TickWorld> {
  const made = await tickWorld({
    one: ramp(50, { steps: [{ percentage: 50, soak: '1h' }, { percentage: 100 }] }),
  });
  await addRepositories(made.db, 100);
  // The first tick counts who is in.
  await made.tick();
  await made.pass(120);
  // History keeps its moments, since its chain is over them; here nobody verifies it.
  await made.db.pool.query(`alter table rollout_history disable trigger user;
    update rollout_history set created_at = created_at - interval '2 hours';
    alter table rollout_history enable trigger user`);
  return made;
}

/** Which of the repositories the database admits. */
async function admitted({ db }: TickWorld): Promise<{ subject: string; admitted: boolean }[]> {
  return db.rows(
    `select subject, arm = 'treatment' as admitted
     from rollout_resolve_jobs(array(select 'one' from repository_categories), array(select repository_id from repository_categories))
     order by subject`,
  );
}

/** Routes a job of each repository as a process does; the first `wrong` of them into the other arm. */
async function route(made: TickWorld, wrong: number, rest: Partial<Stamp> = {}): Promise<string[]> {
  const all = await admitted(made);
  const routed = all.map(({ subject, admitted }, place): Stamp => {
    stamps += 1;
    const arm = admitted === place >= wrong ? 'treatment' : 'control';
    const of = { id: `job ${stamps}`, feature: 'one', subject, epoch: 1, arm, category: '' } as const;
    return { ...of, processor: 'edge', job_class: '', routed_at: Date.now(), ...rest };
  });
  await openJobs(made.db.pool, routed);
  return all.slice(0, wrong).map(({ subject }) => subject);
}

describe('jobs that run in another arm than the database gives their subjects', () => {
  it('jobs in the wrong arm are an error that names subjects and closes the gate without a rollback', async () => {
    const made = await world();
    await made.record('one', { jobs: 400, errors: 1, minutesAgo: 60 }, { jobs: 400, errors: 1 });
    const wrong = await route(made, 5);
    const found = await made.tick();
    expect(verdictOf(found, 'one')).toEqual(['error', 'ratio', 'all', 'none']);
    expect(found.results[0]?.judgement.reason).toContain(
      `5 of 100 subjects ran jobs in the other arm than the database gives them, such as ${wrong.slice(0, 3).join(', ')}`,
    );
    expect(found.results[0]?.advance).toMatchObject({ wait: { code: 'verdict', verdict: 'error' } });
    expect(found.printed).toContain('warning error one');
    expect(await made.row('one')).toMatchObject({ active: true, percentage: 50 });
  });

  it('jobs in the wrong arm do not prevent a rollback of harm', async () => {
    const made = await world();
    await made.record('one', { jobs: 60, errors: 45 });
    await route(made, 5);
    expect(verdictOf(await made.tick(), 'one')).toEqual(['harmful', 'over_limit', 'all', 'rolled_back']);
  });

  it('jobs in the right arms raise no error of wrong arms', async () => {
    const made = await world();
    await made.record('one', { jobs: 400, errors: 1 });
    await route(made, 0);
    expect(verdictOf(await made.tick(), 'one')[0]).toBe('healthy');
  });

  it.each([
    ['the feature was changed since', 'update rollout_configuration set rollout_percentage = 49'],
    ['the subjects were changed since', 'update repository_categories set updated_at = now()'],
  ])('jobs do not count as in the wrong arm when %s', async (_, change) => {
    const made = await world();
    await made.record('one', { jobs: 400, errors: 1 });
    await route(made, 5);
    await made.db.rows(change);
    expect(verdictOf(await made.tick(), 'one')[1]).not.toBe('ratio');
  });

  it('jobs of another epoch, or routed long ago, do not count as in the wrong arm', async () => {
    const made = await world();
    await made.record('one', { jobs: 400, errors: 1 });
    await route(made, 5, { routed_at: Date.now() - 61 * 60_000 });
    await backdate(made.db, `epoch = 2`);
    await route(made, 5);
    expect(verdictOf(await made.tick(), 'one')[1]).not.toBe('ratio');
  });

  it('wrong arms are an error from three subjects on, if these are more than one in a hundred', () => {
    const arms = (wrong: number, subjects: number) => misrouting({ wrong, subjects, named: [] });
    expect([arms(2, 10), arms(3, 300), arms(0, 0)]).toEqual([null, null, null]);
    expect(arms(3, 299)).toEqual({ wrong: 3, subjects: 299, named: [] });
  });
});
