import { describe, expect, it } from 'vitest';
import { readReport } from '../../../src/app/views/report.ts';
import { type RuleUse, ruleUses } from '../../../src/domain/evidence/routes.ts';
import { DEFAULT_ROUTING } from '../../../src/domain/evidence/routing.ts';
import { featureSection } from '../../../src/report/page/feature.ts';
import { routesTable } from '../../../src/report/page/tables.ts';
import { ramp, type TickWorld, tickWorld } from '../../helpers/projects/tick-world.ts';

/** Rules that decided, in days before today; `one` is in its second epoch. */
async function world(): Promise<TickWorld> {
  const made = await tickWorld({ one: ramp(10), quiet: ramp(10) });
  const epochs = await made.db.rows<{ epoch: number }>(
    `select epoch from rollout_configuration where feature_name = 'one'`,
  );
  const epoch = epochs[0]?.epoch ?? 0;
  await made.db.pool.query(
    `insert into rollout_routes
     select 'one', $1 + o.epochs, o.rule, (now() at time zone 'UTC')::date - o.age, o.jobs
     from (values (0, 'recent', 0, 1200), (0, 'recent', 6, 30), (0, 'recent', 13, 400), (0, 'recent', 14, 5000),
       (-1, 'recent', 6, 2), (-1, 'historical', 20, 7), (0, 'not_eligible', 1, 9)) o(epochs, rule, age, jobs)`,
    [epoch],
  );
  return made;
}

const ofRule = (routes: readonly RuleUse[] | undefined, rule: string) =>
  routes?.find((one) => one.rule === rule);

describe('how often each routing rule decided', () => {
  it('stats, JSON, report and page show how often each routing rule decided, and name rules that never did', async () => {
    const made = await world();
    const data = await readReport(made.controller, { simulate: false });
    const { features, generated_at } = data;
    const day = (ago: number) =>
      new Date(generated_at.getTime() - ago * 86_400_000).toISOString().slice(0, 10);
    const one = features.find(({ feature }) => feature === 'one');
    const routes = one?.routes;
    expect(ofRule(routes, 'recent')).toEqual({
      ...{ rule: 'recent', job_class: 'realtime', processor: 'inngest' },
      ...{ today: 1_200, week: 1_232, epoch: 6_630, last_day: day(0) },
      days: [
        { day: day(13), jobs: 400 },
        { day: day(6), jobs: 32 },
        { day: day(0), jobs: 1_200 },
      ],
    });
    expect(ofRule(routes, 'historical')).toMatchObject({
      ...{ processor: 'github_actions', week: 0, epoch: 0, last_day: day(20), days: [] },
    });
    expect(ofRule(routes, 'manual')).toMatchObject({ epoch: 0, last_day: null });
    // The file does not ask for it.
    expect(ofRule(routes, 'breaker')).toBeUndefined();
    const json = JSON.parse((await made.cli(['stats', 'one', '--json'])).stdout);
    expect(json.features[0].routes).toEqual(routes);
    const { stdout } = await made.cli(['stats', 'one']);
    expect(stdout).toMatch(/routing rule +goes to +today +7 days +this epoch +last/);
    expect(stdout).toMatch(new RegExp(`recent days +inngest +1,200 +1,232 +6,630 +${day(0)}`));
    expect(stdout).toMatch(
      new RegExp(`older days +github_actions +0 +0 +0 +never in this epoch, before it ${day(20)}`),
    );
    expect(stdout).toMatch(/manual +inngest +0 +0 +0 +never in this epoch\n/);
    const page = (one && routesTable(one)?.text) ?? '';
    expect(page).toContain('<th scope="row">manual</th><td>inngest</td><td class="number">0</td>');
    expect(page).toContain('<td>never in this epoch</td>');
    expect(one && featureSection(data, one).text).toContain(page);
  });

  it('routing rules are left out where no job was routed, and where all features are asked for', async () => {
    const made = await world();
    expect(JSON.parse((await made.cli(['stats', 'quiet', '--json'])).stdout).features[0]).not.toHaveProperty(
      'routes',
    );
    expect(JSON.parse((await made.cli(['stats', '--json'])).stdout).features[0]).not.toHaveProperty('routes');
  });

  it('the breaker is among the routing rules where the file asks for it, or it once decided', () => {
    const kept = { rule: 'recent', today: 1, week: 1, epoch: 1, last_day: '2026-12-01', days: [] };
    const rules = (...args: Parameters<typeof ruleUses>) => ruleUses(...args).map(({ rule }) => rule);
    expect(ruleUses([], DEFAULT_ROUTING)).toEqual([]);
    expect(rules([kept], DEFAULT_ROUTING)).not.toContain('breaker');
    expect(rules([kept], { ...DEFAULT_ROUTING, breaker: true })).toContain('breaker');
    expect(rules([kept, { ...kept, rule: 'breaker' }], DEFAULT_ROUTING)).toContain('breaker');
  });
});
