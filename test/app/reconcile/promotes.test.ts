import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowFeature } from '../../../src/app/reconcile/allow.ts';
import { planFile } from '../../../src/app/reconcile/plan.ts';
import { otherEnvironmentOf } from '../../../src/compose/environment/other-environment.ts';
import { parseConfig } from '../../../src/config/read/parse.ts';
import { unproved } from '../../../src/domain/policy/proof.ts';
import type { Problem } from '../../../src/domain/spec/problem.ts';
import { addRepositories } from '../../helpers/projects/project.ts';
import { ramp, type TickWorld, tickFile, tickWorldOf } from '../../helpers/projects/tick-world.ts';

const PROMOTES = { promotes: { from: 'staging', soak: '48h' } };
const feature = (percentage: number, rest: object = {}) => ({
  ...ramp(percentage, { thresholds: { max_error_rate: 5 }, ...rest }),
  advance: 'manual',
});
const production = (percentage: number, rest: object = {}) =>
  tickFile({ one: feature(percentage, rest) }, { environment: 'production', ...PROMOTES });
const staging = (percentage: number, rest: object = {}) =>
  tickFile({ one: { ...feature(percentage, rest), steps: undefined } }, { environment: 'staging' });

let here: TickWorld;
let there: TickWorld;
let url: Record<string, string>;

async function worlds(): Promise<void> {
  [here, there] = await Promise.all([tickWorldOf(production(10)), tickWorldOf(staging(100))]);
  await Promise.all([addRepositories(here.db, 40), addRepositories(there.db, 40)]);
  url = { ROLLOUT_PROMOTES_URL_STAGING: there.db.connectionString };
  here.controller.other = otherEnvironmentOf(url);
}

/** Lets minutes go by in staging, for its history too: when a spec came is read from there. */
async function pass(minutes: number): Promise<void> {
  await there.pass(minutes);
  await there.db.rows(`alter table rollout_history disable trigger rollout_refuse_history_change`);
  await there.db.rows(`update rollout_history set created_at = created_at - make_interval(mins => $1)`, [
    minutes,
  ]);
  await there.db.rows(`alter table rollout_history enable always trigger rollout_refuse_history_change`);
}

/** What staging says of the feature as production has it. */
async function proof(): Promise<string> {
  const known = await otherEnvironmentOf(url)('staging', ['one']);
  const elsewhere = typeof known === 'string' ? undefined : known.get('one');
  const spec = parseConfig(await here.fileAt()).config?.features.get('one');
  if (elsewhere === undefined || spec === undefined) return 'unknown';
  return unproved({ from: 'staging', soak: 48 * 3_600 }, spec, elsewhere)?.code ?? 'proved';
}

/** Healthy ticks in staging, twelve hours apart. */
async function healthy(hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour += 12) {
    await there.record('one', { jobs: 400, errors: 0 });
    await there.tick();
    await pass(12 * 60);
  }
  await there.record('one', { jobs: 400, errors: 0 });
  await there.tick();
}

/** What the plan and a reconcile say of the file. */
async function tried(text: string): Promise<string> {
  await here.commit(text, 'raise');
  const [planned] = (await here.plan()).changes;
  const [change] = (await here.reconcile()).changes;
  expect(planned?.action).toBe(change?.action);
  if (change?.reason.code !== 'policy') return change?.action ?? 'nothing';
  const because = change.reason.breaches.map((breach) =>
    breach.code === 'not_proved' ? breach.because : breach,
  );
  return `${change.action} ${because.map((one) => ('fields' in one ? `${one.code} ${one.fields}` : one.code))}`;
}

const live = async () => (await here.row('one')).percentage;

describe('a raise in production', () => {
  beforeAll(worlds);

  it('a raise in production is refused while staging has no check, with an error at its line', async () => {
    expect(await tried(production(25))).toBe('refused unhealthy');
    expect(await live()).toBe(10);
    const plan = await here.cli(['plan', '--json'], { env: url });
    expect(plan.code).toBe(1);
    const { problems, changes } = JSON.parse(plan.stdout);
    expect(problems.filter(({ severity }: Problem) => severity === 'error')).toMatchObject([
      { path: expect.stringMatching(/^features\.one\b/), line: expect.any(Number) },
    ]);
    expect(changes).toMatchObject([
      {
        reason_facts: { breaches: [{ code: 'not_proved', from: 'staging', because: { code: 'unhealthy' } }] },
      },
    ]);
  });

  it('a raise in production waits until staging was healthy for the soak, then applies by itself', async () => {
    await healthy(24);
    expect(await tried(production(25))).toBe('held young');
    await healthy(24);
    await here.reconcile();
    expect(await live()).toBe(25);
  });

  it.each<[string, object, string]>([
    ['a threshold', { thresholds: { max_error_rate: 20 } }, 'refused differs thresholds'],
    ['what happens when it does harm', { rollback: { enabled: false } }, 'refused differs rollback'],
  ])(
    'a raise in production is refused when %s differs from staging, and the difference is named',
    async (_what, rest, said) => {
      expect(await tried(production(50, rest))).toBe(said);
      expect(await live()).toBe(25);
    },
  );

  it('a raise in production is allowed when only description, lists and ramp differ from staging', async () => {
    expect(
      await tried(production(50, { description: 'other words', owner: 'team-a', whitelist: ['r1'] })),
    ).toBe('update');
    expect(await live()).toBe(50);
  });

  it("a raise in production is refused with a hint when staging's database cannot be read", async () => {
    const unset = `ROLLOUT_PROMOTES_URL_STAGING is not set; set it to a reader's URL of that database`;
    for (const [environment, why] of [
      [{}, unset],
      [{ ROLLOUT_PROMOTES_URL: 'postgresql://nobody@127.0.0.1:1/nowhere' }, 'its database cannot be read: '],
      [{ ROLLOUT_PROMOTES_URL: here.db.connectionString }, 'its URL leads to the database of production'],
    ] as const) {
      here.controller.other = otherEnvironmentOf(environment);
      expect(await tried(production(75))).toBe('refused unknown');
      const [change] = (await here.plan()).changes;
      expect(JSON.stringify(change?.reason)).toContain(why);
    }
    const text = JSON.stringify(await here.plan());
    expect(text).not.toContain('nobody@');
    here.controller.other = otherEnvironmentOf(url);
  });

  it("a cut in production needs no proof, and applies even if staging's database cannot be read", async () => {
    here.controller.other = otherEnvironmentOf({});
    expect(await tried(production(10))).toBe('update');
    expect(await live()).toBe(10);
    here.controller.other = otherEnvironmentOf(url);
  });

  it('a raise in production that removes promotes in the same commit is refused', async () => {
    await there.commit(staging(100, { thresholds: { max_error_rate: 9 } }), 'changed there');
    await there.reconcile();
    const text = tickFile({ one: feature(50) }, { environment: 'production' });
    expect(await tried(text)).toBe('refused differs thresholds');
    await here.commit(production(10), 'back');
    await here.reconcile();
  });

  it('a raise in production is held while staging has had the same spec for too short a time', async () => {
    await there.commit(staging(100), 'as it was');
    await there.reconcile();
    expect(await tried(production(25))).toBe('held young');
  });

  it('all features that a file raises are proved with one query to staging', async () => {
    const asked: string[][] = [];
    const answer = otherEnvironmentOf(url);
    here.controller.other = (from, features) => {
      asked.push([from, ...features]);
      return answer(from, features);
    };
    const text = tickFile(
      { one: feature(25), two: feature(10), three: feature(10) },
      { environment: 'production', ...PROMOTES },
    );
    const plan = await planFile(here.controller, {
      ...(await here.controller.repository.readTip()),
      content: Buffer.from(text),
    });
    expect(plan.changes.filter(({ action }) => action === 'update' || action === 'create')).toEqual([]);
    expect(asked).toEqual([['staging', 'one', 'three', 'two']]);
    here.controller.other = answer;
  });

  it('rollout allow allows one raise in production without proof', async () => {
    await allowFeature(here.controller, { feature: 'one', reason: 'agreed', agree: async () => true });
    expect(await live()).toBe(25);
  });

  it("staging's proof begins again after the feature was off there, even if every check was healthy", async () => {
    await healthy(48);
    for (const text of [staging(0), staging(100, { active: false })]) {
      await there.commit(text, 'nobody is in');
      await there.reconcile();
      await pass(60);
      await there.commit(staging(100), 'back again');
      await there.reconcile();
      await there.record('one', { jobs: 400, errors: 0 });
      await there.tick();
      expect(await proof()).toBe('young');
      await healthy(48);
      expect(await proof()).toBe('proved');
    }
  });

  it("staging's proof begins again after a global stop there, or a day without a check", async () => {
    await healthy(48);
    expect(await proof()).toBe('proved');
    // By hand: what a person resumes after `stop --all` begins a new epoch, which proves nothing yet.
    await there.db.rows(`update rollout_state set global_stop = true, global_stop_reason = 'a drill',
      global_stop_by = 'ada', global_stop_at = now()`);
    await pass(24 * 60);
    expect(await proof()).toBe('off');
    await there.db.rows(`select rollout_lift_global_stop('the drill is over')`);
    await there.record('one', { jobs: 400, errors: 0 });
    await there.tick();
    expect(await proof()).toBe('young');
    await healthy(48);
    expect(await proof()).toBe('proved');
    await there.db.rows(`update rollout_state set global_stop = true, global_stop_at = now()`);
    await there.db.rows(`update rollout_state set global_stop = false, global_stop_at = null`);
    await pass(60);
    await there.record('one', { jobs: 400, errors: 0 });
    await there.tick();
    expect(await proof()).toBe('young');
    await healthy(48);
    expect(await proof()).toBe('proved');
    await there.db.rows(`update rollout_health_checks set turned_from = id - 1, checked_at = checked_at
      where id = (select max(id) from rollout_health_checks where feature_name = 'one')`);
    expect(await proof()).toBe('young');
    await healthy(24);
    await pass(40 * 60);
    await there.record('one', { jobs: 400, errors: 0 });
    await there.tick();
    // 24 hours of checks and 40 without one are less than 48.
    expect(await proof()).toBe('young');
    await healthy(24);
    expect(await proof()).toBe('proved');
  });

  it("a raise in production is refused when staging's evidence is old or staging rolled back", async () => {
    await healthy(48);
    await pass(25 * 60);
    expect(await tried(production(50))).toBe('refused old');
    expect((await there.cli(['rollback', 'one', '--reason', 'it fails'])).code).toBe(0);
    expect(await tried(production(50))).toBe('refused off');
  });
});

describe('rollout promote', () => {
  beforeAll(worlds);
  afterAll(() => undefined);

  it('rollout promote reports what is missing and changes nothing', async () => {
    const before = await here.repository.git('rev-parse', 'HEAD');
    const said = await here.cli(['promote', 'one', '--via', 'commit', '--yes', '--json'], { env: url });
    expect(said.code).not.toBe(0);
    expect(JSON.parse(said.stdout)).toMatchObject({ error: { code: 'held' } });
    expect(await here.repository.git('rev-parse', 'HEAD')).toBe(before);
  });

  it('rollout promote goes to the next step with the evidence', async () => {
    await healthy(48);
    const said = await here.cli(['promote', 'one', '--via', 'commit', '--reason', 'proved', '--yes'], {
      env: url,
    });
    expect([said.code, said.stderr]).toEqual([0, '']);
    expect(await live()).toBe(25);
  });

  it('rollout promote needs promotes in the file', async () => {
    const said = await there.cli(['promote', 'one', '--yes']);
    expect(said.stderr).toContain('the file that was reconciled last has no promotes');
  });
});
