import { expect, test } from 'vitest';
import { clockOff, start } from '../helpers/processes/tick-process.ts';
import { tickWorld } from '../helpers/projects/tick-world.ts';

const world = await tickWorld({ one: { percentage: 25 } });

/** What a command prints on a machine whose clock is off by so many hours. */
async function printed(args: string[], hours: number): Promise<string> {
  const running = await start(args, {
    dir: world.dir,
    database: world.db.connectionString,
    imports: [await clockOff(hours)],
  });
  expect(await running.ended).toBe(0);
  return running.stdout();
}

const silentFor = (hours: number) =>
  world.db.pool.query(`update rollout_state set heartbeat_at = now() - make_interval(hours => $1)`, [hours]);

test('a tick within the last minute is not overdue for a machine clock two hours ahead', async () => {
  await silentFor(0);
  const said = await printed(['status'], 2);
  expect(said).toContain('last tick 0 min ago');
  expect(said).not.toContain('missing');
});

test('a silence of three hours is noticed with a machine clock three hours behind', async () => {
  await silentFor(3);
  expect(await printed(['status'], -3)).toContain('last tick 3 h ago, three are missing');
  expect(await printed(['stats', 'one'], -3)).toContain('step since 0 min');
});

test("a relative time counts back from the database's clock, whatever the machine's clock shows", async () => {
  const { rows } = await world.db.pool.query<{ at: Date }>(`select now() - interval '1 second' as at`);
  const explained = await printed(['explain', 'one', 'r1', '--at', '1s', '--json'], 6);
  const { caveats } = JSON.parse(explained) as { caveats: string[] };
  const at = /as of (\S+),/.exec(caveats.join(' '))?.[1] ?? '';
  expect(Math.abs(Date.parse(at) - (rows[0]?.at.getTime() ?? 0))).toBeLessThan(600_000);
});
