import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/lib/random.ts';
import { sessionsGone, start } from '../../helpers/processes/tick-process.ts';
import { type TickWorld, tickFile, tickWorld } from '../../helpers/projects/tick-world.ts';

const ROUNDS = 13;
const TEXT = tickFile({ one: { percentage: 25 }, two: { percentage: 5 } });

/** Dies so long after its start, or so long after the rollback is in the database. */
type Moment = { afterStart: number } | { afterRollback: number };

async function killedTick(world: TickWorld, moment: Moment): Promise<boolean> {
  // Nobody waits a minute for the lease of the dead.
  await world.db.pool.query(`update rollout_state set tick_expires_at = now() - interval '1 second'`);
  const listener = await world.db.client();
  await listener.query('listen rollout_changed');
  const running = await start(['tick'], { dir: world.dir, database: world.db.connectionString });
  const kill = (after: number) => setTimeout(() => running.child.kill('SIGKILL'), after);
  if ('afterStart' in moment) kill(moment.afterStart);
  else listener.once('notification', () => kill(moment.afterRollback));
  const end = await running.ended;
  await listener.end();
  await sessionsGone(world.db);
  return end === 'SIGKILL';
}

/** What is there after a kill and a run that was not killed. */
async function whatIsLeft(world: TickWorld, since: string, known: number) {
  const all = await world.incidents();
  const fresh = all.slice(0, all.length - known);
  const commits = await world.commitsSince(since);
  const trailers = commits.flatMap((message) => message.match(/^Rollout-Incident: \d+$/gm) ?? []);
  const [told] = await world.db.rows<{ n: number }>(
    `select count(*)::int as n from rollout_outbox where dedupe_key = $1`,
    [`incident:${fresh[0]?.id}:opened`],
  );
  return {
    incidents: fresh.map(({ feature, kind, state }) => `${feature} ${kind} ${state}`),
    commits: commits.length,
    ours: trailers.length === 1 && trailers[0] === `Rollout-Incident: ${fresh[0]?.id}`,
    told: told?.n,
    file: await world.fileAt(),
    checkout: await world.repository.git('status', '--porcelain'),
    valid: (await world.verify()).valid,
    active: (await world.row('one')).active,
  };
}

async function killAgainAndAgain(seed: number): Promise<{ killed: number; between: number }> {
  const random = seededRandom(seed);
  const world = await tickWorld({ one: { percentage: 25 }, two: { percentage: 5 } });
  const seen = { killed: 0, between: 0 };
  let typical = 800;
  const kill = async (moment: Moment) => {
    const started = performance.now();
    if (await killedTick(world, moment)) seen.killed += 1;
    else typical = performance.now() - started;
  };
  for (let n = 0; n < ROUNDS; n++) {
    await world.record('one', { jobs: 20, errors: 15 });
    const before = await world.repository.git('rev-parse', 'HEAD');
    await kill(n % 4 === 0 ? { afterStart: random() * typical } : { afterRollback: random() * 250 });
    const [open] = await world.incidents();
    if (open?.state === 'open') seen.between += 1;
    // And whoever comes next dies too.
    await kill({ afterStart: (0.2 + 0.8 * random()) * typical });
    await world.db.pool.query(`update rollout_state set tick_expires_at = now() - interval '1 second'`);
    await world.tick();
    expect(await whatIsLeft(world, before, n)).toEqual({
      incidents: ['one rollback settled'],
      commits: 1,
      ours: true,
      told: 1,
      file: TEXT.replace('25}', '0, active: false}'),
      checkout: '',
      valid: true,
      active: false,
    });
    await world.commit(TEXT, 'go on');
    await world.reconcile();
    expect(await world.row('one')).toMatchObject({ active: true, percentage: 25 });
  }
  return seen;
}

describe('a tick that is killed at any of 52 moments while a feature does harm', () => {
  it.concurrent.each([3, 8])(
    'a killed tick leaves one incident, one write-back and valid history after the next run (seed %i)',
    async (seed) => {
      const { killed, between } = await killAgainAndAgain(seed);
      // It would show nothing if the processes had ended before, or never got to the rollback.
      expect(killed).toBeGreaterThan(ROUNDS);
      expect(between).toBeGreaterThan(2);
    },
    240_000,
  );
});

describe('the lease of a tick that was killed', () => {
  it('the lease of a killed tick is taken over within a minute, and not early', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    const running = await start(['tick'], { dir: world.dir, database: world.db.connectionString });
    const held = `select extract(epoch from tick_expires_at - clock_timestamp())::float8 as seconds
      from rollout_state where tick_holder is not null`;
    let rows = await world.db.rows<{ seconds: number }>(held);
    while (rows.length === 0) rows = await world.db.rows<{ seconds: number }>(held);
    running.child.kill('SIGKILL');
    await running.ended;
    await sessionsGone(world.db);
    expect(rows[0]?.seconds).toBeLessThanOrEqual(60);
    const pass = (seconds: number) =>
      world.db.rows(
        `update rollout_state set tick_expires_at = clock_timestamp() + make_interval(secs => 60 - $1)`,
        [seconds],
      );
    await pass(20);
    expect(await world.tick()).toMatchObject({ skipped: true });
    await pass(60);
    expect(await world.tick()).toMatchObject({ skipped: false });
  });
});
