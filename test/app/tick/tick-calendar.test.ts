import { describe, expect, it } from 'vitest';
import { WEEKDAYS } from '../../../src/domain/spec/hours.ts';
import { ramp, type TickWorld, tickFile, tickWorld } from '../../helpers/projects/tick-world.ts';

const DAY = 24 * 60;
/** The day after tomorrow, whenever the test runs: closed for at least a day. */
const later = WEEKDAYS[(new Date().getUTCDay() + 1) % 7] ?? 'mon';
const closed = { hours: { days: [later] } };

async function soaked(world: TickWorld): Promise<void> {
  await world.record('one', { jobs: 90, errors: 1 });
  await world.tick();
  await world.pass(DAY);
  await world.record('one', { jobs: 10, minutesAgo: 30 });
}

const waitOf = async (world: TickWorld) => (await world.tick()).results[0]?.advance.wait;

describe('a step that has soaked', () => {
  it.each<[string, object, object]>([
    ['its hours', closed, { code: 'hours', zone: 'UTC' }],
    ['its first day', { not_before: '2999-01-01' }, { code: 'not_before', day: '2999-01-01' }],
    ['a later cutoff', { cutoff: '2020-02-29' }, { code: 'cutoff', day: '2020-02-29' }],
  ])(
    'a soaked step waits for %s, which status shows, and advances once the file allows it',
    async (_what, said, wait) => {
      const world = await tickWorld({ one: ramp(10, said) });
      await soaked(world);
      expect(await waitOf(world)).toMatchObject(wait);
      expect((await world.row('one')).percentage).toBe(10);
      const status = await world.cli(['status', '--json']);
      expect(JSON.parse(status.stdout).features[0].health.wait).toMatchObject(wait);
      await world.commit(tickFile({ one: ramp(10, { hours: { days: WEEKDAYS } }) }), 'open it');
      await world.tick();
      expect((await world.row('one')).percentage).toBe(25);
    },
  );

  it('a soaked step keeps its pull request open outside its hours', async () => {
    const world = await tickWorld({ one: ramp(10, { advance: 'pull_request' }) });
    await soaked(world);
    await world.tick();
    const branches = () => world.repository.git('branch', '--list', 'rollout/*');
    expect(await branches()).toContain('rollout/advance/one');
    await world.commit(tickFile({ one: ramp(10, { advance: 'pull_request', ...closed }) }), 'close it');
    expect(await waitOf(world)).toMatchObject({ code: 'hours' });
    expect(await branches()).toContain('rollout/advance/one');
    await world.commit(tickFile({ one: ramp(10, { advance: 'pull_request', paused: true }) }), 'pause it');
    await world.tick();
    expect(await branches()).toBe('');
  });
});

describe('a cutoff that passed before 100%', () => {
  it('a cutoff that passed before 100% is notified once, even of an idle feature, and again for a new day', async () => {
    const file = (cutoff: string) => ({
      one: ramp(10, { cutoff }),
      idle: { cutoff },
      done: { percentage: 100, cutoff },
    });
    const world = await tickWorld(file('2020-02-29'));
    const missed = async () => (await world.tick()).printed.filter((line) => line.includes('cutoff_missed'));
    expect((await missed()).sort()).toEqual(['warning cutoff_missed idle', 'warning cutoff_missed one']);
    expect(await missed()).toEqual([]);
    await world.db.pool.query(
      `update rollout_outbox set delivered_at = now() - interval '10 years', created_at = now() - interval '10 years'`,
    );
    await world.tick();
    expect(await missed()).toEqual([]);
    await world.commit(tickFile(file('2021-02-28')), 'a year later');
    expect(await missed()).toHaveLength(2);
    await world.commit(tickFile(file('2999-01-01')), 'far away');
    expect(await missed()).toEqual([]);
  });
});
