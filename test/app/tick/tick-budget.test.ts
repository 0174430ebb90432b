import { describe, expect, it } from 'vitest';
import { nextAudiences } from '../../../src/app/spending/spending.ts';
import { readReport } from '../../../src/app/views/report.ts';
import { costTable } from '../../../src/report/page/tables.ts';
import { exposuresOf } from '../../../src/store/configuration/impact.ts';
import { addRepositories } from '../../helpers/projects/project.ts';
import { ramp, type TickWorld, tickFile, tickWorld } from '../../helpers/projects/tick-world.ts';

const DAY = 24 * 60;
const costs = { inngest: { per_job: 0.5 }, actions: { per_minute: 0.1 } };
const budgeted = (budget: object, rest: object = {}) => ramp(10, { costs, budget, ...rest });

/** A step at 10% that is a day old, with 100 jobs of 0.50: 1,500 in 30 days. */
async function soaked(world: TickWorld, ...more: Parameters<TickWorld['record']>[1][]): Promise<void> {
  await world.record('one', { jobs: 90, errors: 1 });
  await world.tick();
  await world.pass(DAY);
  await world.record('one', { jobs: 10, minutesAgo: 30 }, ...more);
}

const resultOf = async (world: TickWorld) => (await world.tick()).results.find((r) => r.feature === 'one');
/** Up to five minutes of a day more have gone by, and what the test itself takes. */
const about = (value: number) => ({
  asymmetricMatch: (found: unknown) => typeof found === 'number' && Math.abs(found - value) <= 0.03 * value,
});

describe('a feature with a budget', () => {
  it('the tick holds a step that would exceed the budget, says so everywhere, and takes it once the budget allows it', async () => {
    const world = await tickWorld({ one: budgeted({ monthly: 3_000 }) });
    await soaked(world);
    const result = await resultOf(world);
    const wait = {
      ...{ code: 'over_budget', over: 'monthly', percentage: 25 },
      ...{ cost: about(3_750), budget: 3_000 },
    };
    expect(result).toMatchObject({ action: 'none', advance: { wait } });
    expect((await world.row('one')).percentage).toBe(10);

    const { health } = JSON.parse((await world.cli(['status', '--json'])).stdout).features[0];
    expect(health).toMatchObject({ wait });
    expect(health.advance).toMatch(
      /^waits: 25% would cost 3,[67]\d\d\.\d\d a month at present traffic, above its budget of 3,000\.00; raise budget\.monthly to go on$/,
    );
    expect(health.spending).toMatchObject({
      ...{ budget: { monthly: 3_000 }, monthly: about(1_500), per_job: 0.5, problem: null },
      next: { percentage: 25, monthly: about(3_750) },
      text: expect.stringMatching(
        /^costs 1,[45]\d\d.* a month, 0\.50 a job; 3,[67].* a month at 25%; budget 3,000/,
      ),
    });
    expect((await world.cli(['stats', 'one'])).stdout).toContain('; budget 3,000.00 a month');
    const by = await world.cli(['advance', 'one', '--yes']);
    expect(by.code).not.toBe(0);
    expect(`${by.stdout}${by.stderr}`).toContain('above its budget of 3,000.00');

    await world.commit(tickFile({ one: budgeted({ monthly: 4_000 }) }), 'more money');
    expect(await resultOf(world)).toMatchObject({ action: 'advanced' });
    expect((await world.row('one')).percentage).toBe(25);
  });

  it('A feature above its budget is neither rolled back nor lowered, and the report says so', async () => {
    const world = await tickWorld({ one: ramp(50, { costs, budget: { monthly: 100, per_job: 0.4 } }) });
    await soaked(world);
    await world.tick();
    expect(await world.row('one')).toMatchObject({ percentage: 50, active: true });
    expect(await world.incidents('one')).toEqual([]);
    const [one] = (await readReport(world.controller, { simulate: false })).features;
    expect(one?.advice.filter(({ code }) => code === 'over_budget')).toEqual([
      {
        code: 'over_budget',
        sentence: expect.stringMatching(
          /^It costs 1,[45]\d\d\.\d\d a month, above its budget of 100\.00, and 0\.50 a job, above its budget of 0\.40: /,
        ),
      },
    ]);
    expect(one && costTable(one).text).toMatch(
      /<p>Costs 1,[45].*; budget 100\.00 a month and 0\.40 a job\.<\/p>/,
    );
  });

  it('runs of the fallback cost too, and no step is taken while the cost is not known', async () => {
    const world = await tickWorld({ one: budgeted({ per_job: 0.6 }) });
    // A minute each on the fallback: 0.10 a run, so the mean falls.
    await soaked(world, { jobs: 100, arm: 'fallback', processor: 'actions', ms: 60_000 });
    expect(await resultOf(world)).toMatchObject({ action: 'advanced' });
    const unknown = await tickWorld({ one: budgeted({ per_job: 0.6 }) });
    await soaked(unknown, { jobs: 5, arm: 'fallback', processor: 'lambda' });
    const wait = { code: 'cost_unknown', problem: { code: 'unpriced', processors: ['lambda'] } };
    expect(await resultOf(unknown)).toMatchObject({ action: 'none', advance: { wait } });
    const plan = await unknown.cli(['status']);
    expect(plan.stdout).toContain(
      'the cost of the next step is not known: the file names no costs of lambda',
    );
  });

  it('the plan warns about a raise above the budget, and about the step after a raise', async () => {
    const world = await tickWorld({ one: budgeted({ monthly: 3_000 }), free: ramp(10) });
    await soaked(world);
    const warnings = async (one: object, free: object = ramp(10)) => {
      await world.commit(tickFile({ one, free }), 'asked');
      const { changes } = JSON.parse((await world.cli(['plan', '--json'])).stdout);
      return (changes as { warnings: string[]; warning_facts: { code: string }[] }[]).flatMap((change) =>
        change.warning_facts.flatMap((facts, nth) =>
          facts.code === 'over_budget' || facts.code === 'cost_unknown'
            ? [{ ...facts, text: change.warnings[nth] }]
            : [],
        ),
      );
    };
    const raised = (to: number, budget: object) => ({ ...budgeted(budget), percentage: to });
    expect(await warnings(raised(25, { monthly: 3_000 }), ramp(25))).toMatchObject([
      {
        ...{ code: 'over_budget', step: 'change', over: 'monthly', percentage: 25, cost: about(3_750) },
        text: expect.stringMatching(/^25% would cost 3,[67].* a month at present traffic, above its budget/),
      },
    ]);
    expect(await warnings(raised(25, { monthly: 4_000 }))).toMatchObject([
      {
        ...{ code: 'over_budget', step: 'next', percentage: 50, cost: about(7_500) },
        text: expect.stringMatching(/^the step after this waits: 50% would cost 7,[345]/),
      },
    ]);
    expect(await warnings(raised(25, { monthly: 9_000 }))).toEqual([]);
    // What lowers exposure costs less, whatever the budget.
    expect(await warnings(raised(5, { monthly: 1_600 }))).toEqual([]);
    // Prices of other processors than those that ran.
    expect(await warnings(budgeted({ monthly: 9_000 }, { costs: { lambda: { per_job: 1 } } }))).toMatchObject(
      [{ code: 'cost_unknown', problem: { code: 'unpriced', processors: ['inngest'] } }],
    );
  });

  it('who is let in is counted in the registry, not taken from the percentages', async () => {
    const rest = { strategy: 'repository_size', budget: { monthly: 3_000 }, costs };
    const world = await tickWorld({ one: ramp(10, rest), free: ramp(10) });
    await addRepositories(world.db, 12);
    await world.db.pool.query(
      `update repository_categories set category = case when substr(repository_id, 2)::int <= 4 then 'test' else 'small' end`,
    );
    await soaked(world);
    // Four of twelve are in, and at 25% all: three times as many, where the percentages say 2.5.
    const result = await resultOf(world);
    expect(result?.advance.wait).toMatchObject({ code: 'over_budget', cost: about(4_500) });
    // The tick has kept what a status would have to count.
    const audiences = await world.controller.store.reading(nextAudiences);
    expect(audiences.map(({ exposure }) => exposure?.percentage)).toEqual([10, 25]);
    const kept = await world.db.rows(
      'select from rollout_audiences($1) a join rollout_counts k on k.audience = a.audience',
      [exposuresOf(audiences)],
    );
    expect(kept).toHaveLength(2);
  });

  it('A budget that somebody edits by SQL is drift, and the history has its changes', async () => {
    const world = await tickWorld({ one: budgeted({ monthly: 3_000 }) });
    await world.db.pool.query(
      `update rollout_configuration set spec = jsonb_set(spec, '{budget,monthly}', '9000') where feature_name = 'one'`,
    );
    await world.reconcile();
    const kept = () =>
      world.db.rows(
        `select spec -> 'budget' as budget from rollout_configuration where feature_name = 'one'`,
      );
    expect(await kept()).toEqual([{ budget: { monthly: 3_000 } }]);
    await world.commit(tickFile({ one: budgeted({ monthly: 4_000, per_job: 1 }) }), 'more money');
    await world.reconcile();
    expect(await kept()).toEqual([{ budget: { monthly: 4_000, per_job: 1 } }]);
    const { stdout } = await world.cli(['history', 'one']);
    expect(stdout).toContain('budget.monthly 3000 -> 4000');
  });
});
