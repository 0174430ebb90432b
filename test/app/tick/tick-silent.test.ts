import { describe, expect, it } from 'vitest';
import { status } from '../../../src/app/views/status.ts';
import { silence } from '../../../src/domain/verdict/not-whole.ts';
import { styleOf } from '../../../src/report/style/style.ts';
import { statusText } from '../../../src/report/text/status-text.ts';
import { openJobs } from '../../../src/store/outcomes/jobs.ts';
import { noteProcess } from '../../../src/store/outcomes/processes.ts';
import { ramp, type TickWorld, tickWorld, verdictOf } from '../../helpers/projects/tick-world.ts';

const [SILENT, ALIVE, NEWCOMER] = ['aaaaaaaa', 'bbbbbbbb', 'cccccccc'] as const;
const MINUTE = 60_000;
let stamps = 0;

async function world(): Promise<TickWorld> {
  const made = await tickWorld({
    one: ramp(50, { steps: [{ percentage: 50, soak: '1h' }, { percentage: 100 }] }),
  });
  await made.tick();
  await made.pass(120);
  await made.record('one', { jobs: 60, errors: 0, minutesAgo: 35 }, { jobs: 60, errors: 0 });
  return made;
}

/** A process that began two hours ago, or as many minutes ago as said, and was last heard of some minutes ago. */
async function process(
  { db }: TickWorld,
  name: string,
  minutesAgo: number,
  { leaving = false, age = 120 } = {},
) {
  await noteProcess(db.pool, { process: name, ageSeconds: age * 60, leaving, breakers: [] });
  await db.pool.query(
    `update rollout_processes set seen_at = now() - make_interval(mins => $2) where process = $1`,
    [name, minutesAgo],
  );
}

/** Jobs of treatment that this process routed half an hour ago, and of which nobody has heard since. */
function open({ db }: TickWorld, name: string, jobs: number): Promise<number> {
  const routed_at = Date.now() - 30 * MINUTE;
  const of = {
    feature: 'one',
    epoch: 1,
    arm: 'treatment',
    category: '',
    processor: 'edge',
    job_class: '',
  } as const;
  return openJobs(
    db.pool,
    Array.from({ length: jobs }, () => ({ ...of, id: `${name}-${stamps++}`, subject: 'r1', routed_at })),
  );
}

describe('a host that falls silent while others go on', () => {
  it('a silent host among others is an error with its missing jobs: it closes the gate without a rollback', async () => {
    const made = await world();
    await process(made, SILENT, 25);
    await process(made, ALIVE, 0);
    await open(made, SILENT, 12);
    const found = await made.tick();
    expect(verdictOf(found, 'one')).toEqual(['error', 'silent', 'all', 'none']);
    expect(found.results[0]?.judgement.reason).toContain(
      '12 routed jobs should have ended in 1 host last heard of 25 minutes ago, while others go on',
    );
    expect(found.results[0]?.advance).toMatchObject({ wait: { code: 'verdict', verdict: 'error' } });
    expect(await made.row('one')).toMatchObject({ active: true, percentage: 50 });
  });

  it.each<[string, (made: TickWorld) => Promise<unknown>]>([
    ['it ended by itself', (made) => process(made, SILENT, 25, { leaving: true })],
    ['it was heard of lately', (made) => process(made, SILENT, 5)],
    [
      'a deploy replaced every process',
      async (made) => {
        await process(made, SILENT, 25);
        await process(made, ALIVE, 25);
        await process(made, NEWCOMER, 0, { age: 20 });
      },
    ],
    [
      'too few of its jobs are missing to be over the limit',
      async (made) => {
        await process(made, SILENT, 25);
        await made.db.pool.query(
          `delete from rollout_jobs where id in (select id from rollout_jobs limit 9)`,
        );
      },
    ],
    [
      'its jobs ended elsewhere',
      async (made) => {
        await process(made, SILENT, 25);
        await made.db.pool.query(`update rollout_jobs set state = 'finished', ended_at = now()`);
      },
    ],
  ])('a host does not count as silent when %s', async (_, happens) => {
    const made = await world();
    await process(made, ALIVE, 0);
    await open(made, SILENT, 12);
    await happens(made);
    expect(verdictOf(await made.tick(), 'one')[1]).not.toBe('silent');
  });

  it('a silent host does not prevent a rollback of harm', async () => {
    const made = await world();
    await made.record('one', { jobs: 60, errors: 45 });
    await process(made, SILENT, 25);
    await process(made, ALIVE, 0);
    await open(made, SILENT, 30);
    expect(verdictOf(await made.tick(), 'one')).toEqual(['harmful', 'over_limit', 'all', 'rolled_back']);
  });

  it('missing jobs of a silent host count from three on, if they alone could exceed the limit', () => {
    const hosts = (missing: number, finished: number) => ({
      processes: 1,
      silentSeconds: 900,
      missing,
      finished,
    });
    expect([silence(hosts(2, 0), 5), silence(hosts(5, 95), 5)]).toEqual([null, null]);
    expect(silence(hosts(6, 94), 5)).toEqual(hosts(6, 94));
  });
});

describe('breakers of processes', () => {
  it('status adds up the breakers of all present processes', async () => {
    const made = await tickWorld({ one: { percentage: 10 } });
    const note = (name: string, state: string, leaving = false) =>
      noteProcess(made.db.pool, {
        ...{ process: name, ageSeconds: 1, leaving },
        breakers: [{ feature: 'one', processor: 'edge', state }],
      });
    await note(SILENT, 'open');
    await note(ALIVE, 'half_open');
    await note(NEWCOMER, 'open', true);
    const { store } = made.controller;
    const found = await status(store);
    expect(found.breakers).toEqual([{ feature: 'one', processor: 'edge', open: 1, half_open: 1 }]);
    expect(statusText(styleOf(false), found)).toContain(
      'one: breaker of edge: jobs go to the fallback in 2 processes, 1 process of them probing it',
    );
    await made.pass(15);
    expect((await status(store)).breakers).toEqual([]);
  });
});
