import { describe, expect, it } from 'vitest';
import { readReport } from '../../../src/app/views/report.ts';
import type { DayTimes } from '../../../src/domain/evidence/daily-times.ts';
import { timesOfDays } from '../../../src/report/page/days.ts';
import { ramp, type TickWorld, tickWorld } from '../../helpers/projects/tick-world.ts';
import { reportFeature } from '../../helpers/reports/report-data.ts';

const DAY = 24 * 60;

/** Within the 4.8% of the counters. */
const about = (ms: number) => ({
  asymmetricMatch: (found: unknown) => typeof found === 'number' && Math.abs(found - ms) <= 0.048 * ms,
});

/** Jobs of a second, of which one in ten takes a minute, three days ago, and slower ones today; nothing between. */
async function world(): Promise<TickWorld> {
  const made = await tickWorld({ one: ramp(10), quiet: ramp(10) });
  await made.record(
    'one',
    { jobs: 90, ms: 1_000, minutesAgo: 3 * DAY },
    { jobs: 10, ms: 60_000, minutesAgo: 3 * DAY },
  );
  await made.record('one', { jobs: 20, ms: 4_000 }, { jobs: 50, ms: 500, arm: 'control' });
  // Of no time, and of an arm that is neither.
  await made.record('one', { jobs: 30, arm: 'fallback', ms: 9_000 });
  return made;
}

async function reported({ controller }: TickWorld) {
  const { features, generated_at } = await readReport(controller, { simulate: false });
  return { features: new Map(features.map((one) => [one.feature, one])), now: generated_at };
}

describe('times of jobs by day', () => {
  it('daily job times are quantiles of each arm per UTC day with times, in report, stats and JSON', async () => {
    const made = await world();
    const { features, now } = await reported(made);
    const day = (ago: number) => new Date(now.getTime() - ago * 86_400_000).toISOString().slice(0, 10);
    const days = features.get('one')?.daily_times;
    expect(days).toEqual([
      // What every test knows of its features before.
      { day: day(10), treatment: null, control: expect.objectContaining({ jobs: 100, p50_ms: 1 }) },
      {
        ...{ day: day(3), control: null },
        treatment: { jobs: 100, p50_ms: about(1_000), p95_ms: about(60_000), p99_ms: about(60_000) },
      },
      {
        day: day(0),
        treatment: { jobs: 20, p50_ms: about(4_000), p95_ms: about(4_000), p99_ms: about(4_000) },
        control: { jobs: 50, p50_ms: about(500), p95_ms: about(500), p99_ms: about(500) },
      },
    ]);
    const json = JSON.parse((await made.cli(['stats', 'one', '--json'])).stdout);
    expect(json.features[0].daily_times).toEqual(days);
    const { stdout } = await made.cli(['stats', 'one']);
    expect(stdout).toMatch(/day +.*treatment p50.*p95.*p99.*control p50.*p95.*p99/);
    expect(stdout).toMatch(new RegExp(`${day(3)}.* -.* -.* -`));
    // All features together have none: they are a line each.
    expect(JSON.parse((await made.cli(['stats', '--json'])).stdout).features[0]).not.toHaveProperty(
      'daily_times',
    );
  });

  it('daily job times are omitted when no job has a time', async () => {
    const made = await world();
    await made.db.pool.query(`delete from rollout_evidence_times where feature_name = 'quiet'`);
    const quiet = (await reported(made)).features.get('quiet');
    expect(quiet).not.toHaveProperty('daily_times');
    expect(quiet && timesOfDays(quiet)).toBeNull();
    expect((await made.cli(['stats', 'quiet'])).stdout).not.toContain('treatment p50');
  });

  it('the page shows daily job times as six lines on a log axis, and in numbers, newest first', () => {
    const times = (p50_ms: number) => ({ jobs: 10, p50_ms, p95_ms: 10 * p50_ms, p99_ms: 20 * p50_ms });
    const days: DayTimes[] = [
      { day: '2026-11-29', treatment: times(100), control: times(50) },
      { day: '2026-11-30', treatment: null, control: null },
      { day: '2026-12-01', treatment: times(200), control: null },
    ];
    const page = timesOfDays({ ...reportFeature(), daily_times: days })?.text ?? '';
    for (const arm of ['treatment', 'control'])
      for (const name of ['p50', 'p95', 'p99']) expect(page).toContain(`<path class="${arm} ${name}" d="M`);
    for (const tick of ['10 ms', '100 ms', '1 s', '10 s']) expect(page).toContain(`>${tick}</text>`);
    expect(page.indexOf('2026-12-01</th>')).toBeLessThan(page.indexOf('2026-11-29</th>'));
    expect(page).toContain('<td class="number">2 s</td><td class="number">4 s</td><td class="number">–</td>');
    expect(page).toContain(
      'p50, p95 and p99 on 2026-12-01 were treatment 200 ms, 2 s and 4 s; nothing of control',
    );
    // A single day is no line.
    const one = timesOfDays({ ...reportFeature(), daily_times: days.slice(0, 1) })?.text ?? '';
    expect(one).not.toContain('<svg');
    expect(one).toContain('2026-11-29</th>');
  });
});
