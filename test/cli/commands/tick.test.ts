import { describe, expect, it } from 'vitest';
import { backdate } from '../../helpers/data/backdated.ts';
import { webhook } from '../../helpers/http/webhook.ts';
import { clockOff, start } from '../../helpers/processes/tick-process.ts';
import { ramp, type TickWorld, tickWorld } from '../../helpers/projects/tick-world.ts';

const HARM = { jobs: 20, errors: 15 };

async function run(
  world: TickWorld,
  args: string[],
  rest: { env?: Record<string, string>; imports?: string[] } = {},
) {
  const running = await start(args, { dir: world.dir, database: world.db.connectionString, ...rest });
  const code = await running.ended;
  const json = args.includes('--json') ? JSON.parse(running.stdout()) : null;
  return { code, said: running.said(), json };
}

describe('rollout tick', () => {
  it('tick prints as JSON what it found and did, and exits with 0 after a rollback', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.record('one', HARM);
    const { code, json } = await run(world, ['tick', '--json']);
    expect(code).toBe(0);
    expect(json.results).toEqual([
      expect.objectContaining({
        ...{ feature: 'one', verdict: 'harmful', reason_code: 'over_limit', severity: 'critical' },
        ...{ scope: 'all', jobs: 20, errors: 15, action: 'rolled_back' },
        reason: expect.stringContaining('15 of 20 jobs failed'),
        scores: {
          absolute: expect.any(Number),
          relative: expect.any(Number),
          warning: expect.any(Number),
          critical: expect.any(Number),
        },
      }),
    ]);
    expect(Date.now() - Date.parse(json.heartbeat)).toBeLessThan(600_000);
    expect(json.skipped).toBe(false);
  });

  it('tick exits with 1, and still acts, when the file, the evidence or a write-back needs a person', async () => {
    const world = await tickWorld({ one: { percentage: 25 }, bad: { percentage: 25 } });
    const good = await world.fileAt();
    expect((await run(world, ['tick'])).code).toBe(0);
    await world.commit('features: [', 'half saved');
    await world.record('one', HARM);
    const broken = await run(world, ['tick']);
    expect(broken.code).toBe(1);
    expect(broken.said).toContain('rolled back');
    expect(broken.said).toContain('critical: one was rolled back from 25%');
    expect(await world.row('one')).toMatchObject({ active: false });
    await world.commit(good, 'mended');
    expect((await run(world, ['tick'])).code).toBe(0);
    await world.db.pool.query(
      `insert into rollout_metrics (feature_name, epoch, subject_id, processor_type, arm, metrics_window_start, total_jobs,
         error_count)
       values ('bad', 1, 'r1', 'inngest', 'treatment', date_bin('5 minutes', now(), 'epoch'), 1, 2)`,
    );
    await world.db.pool.query(
      `insert into rollout_evidence_buckets (feature_name, epoch, bucket_start, jobs)
       values ('bad', 1, date_bin('15 minutes', now(), 'epoch'), 1)`,
    );
    const impossible = await run(world, ['tick', '--json']);
    expect(impossible.code).toBe(1);
    expect(impossible.json.results).toMatchObject([{ feature: 'bad', verdict: 'error', action: 'none' }]);
  });

  it('tick exits with 0 while a webhook is down or its URL is invalid, and never prints its secret', async () => {
    const hook = await webhook();
    await hook.down();
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.record('one', HARM);
    for (const url of ['T0SECRET', hook.url]) {
      const { code, said } = await run(world, ['tick'], { env: { ROLLOUT_WEBHOOK_URL: url } });
      expect(code).toBe(0);
      expect(said).toMatch(/2 notifications waiting: /);
      expect(said).not.toContain('T0SECRET');
    }
    expect(await world.row('one')).toMatchObject({ active: false });
    await hook.up();
    const { code, json, said } = await run(world, ['tick', '--json'], {
      env: { ROLLOUT_WEBHOOK_URL: hook.url },
    });
    expect(code).toBe(0);
    expect(json.delivery).toEqual({ delivered: 2, waiting: 0, error: null });
    expect(said).not.toContain('T0SECRET');
  });

  it.each([1, -1])(
    "tick judges and soaks by the database's clock: a machine clock %i hour off changes nothing",
    async (hours) => {
      const imports = [await clockOff(hours)];
      const world = await tickWorld({ soaks: ramp(10), done: ramp(10), quiet: { percentage: 10 } });
      for (const feature of ['soaks', 'done']) await world.record(feature, { jobs: 100 });
      await world.pass(23 * 60 + 30);
      for (const feature of ['soaks', 'done']) await world.record(feature, { jobs: 10 });
      await backdate(
        world.db,
        `step_started_at = step_started_at - interval '1 hour' where feature_name = 'done'`,
      );
      const dry = await run(world, ['check-health', '--dry-run', '--json']);
      const off = await run(world, ['check-health', '--dry-run', '--json'], { imports });
      const brief = ({ json }: typeof dry) =>
        json.results.map((one: Record<string, unknown>) => [
          one.feature,
          one.verdict,
          one.scores,
          one.action,
          one.advance,
        ]);
      expect(brief(off)).toEqual(brief(dry));
      const { code, json } = await run(world, ['tick', '--json'], { imports });
      expect(code).toBe(0);
      const actions = json.results.map(
        (one: Record<string, string>) => `${one.feature} ${one.verdict} ${one.action}`,
      );
      expect(actions).toEqual(['done healthy advanced', 'quiet no_data none', 'soaks healthy none']);
      expect(json.results[2].advance).toBe('waits: 30 minutes of the soak left');
      expect(json.delivery.delivered).toBe(0);
      expect(Math.abs(Date.now() - Date.parse(json.heartbeat))).toBeLessThan(600_000);
    },
  );
});

describe('rollout check-health', () => {
  it('check-health --dry-run only prints; without it the command acts and reconciles', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.record('one', HARM);
    const dry = await run(world, ['check-health', 'one', '--dry-run']);
    expect(dry.said).toMatch(/would roll back/);
    expect(dry.said).toMatch(/absolute/);
    expect(await world.row('one')).toMatchObject({ active: true });
    expect(await world.db.rows('select from rollout_health_checks')).toEqual([]);
    const { code, json } = await run(world, ['check-health', 'one', '--json']);
    expect(code).toBe(0);
    expect(json.results).toMatchObject([{ feature: 'one', action: 'rolled_back' }]);
    expect(json).toHaveProperty('heartbeat');
    expect(await world.row('one')).toMatchObject({ active: false });
    expect(await world.incidents()).toMatchObject([{ state: 'settled', write_back: 'done' }]);
  });

  it('check-health of an unknown feature fails', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    const { code, said } = await run(world, ['check-health', 'nothing']);
    expect(code).toBe(1);
    expect(said).toContain('there is no feature "nothing"');
  });
});
