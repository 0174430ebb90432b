import { afterAll, describe, expect, it } from 'vitest';
import { allowFeature } from '../../../src/app/reconcile/allow.ts';
import type { PlannedChange } from '../../../src/domain/plan/impact.ts';
import { WEEKDAYS } from '../../../src/domain/spec/hours.ts';
import type { Problem } from '../../../src/domain/spec/problem.ts';

import { addRepositories } from '../../helpers/projects/project.ts';
import { ramp, type TickWorld, tickFile, tickWorld, tickWorldOf } from '../../helpers/projects/tick-world.ts';

const STRICT = { policy: { largest_raise: { points: 25 } } };
const LOOSE = { policy: { largest_raise: { points: 100 } } };
const file = (percentage: number, rest: object, other = 10) =>
  tickFile({ one: { percentage }, two: { percentage: other } }, rest);

const worlds: TickWorld[] = [];
afterAll(() => {
  worlds.length = 0;
});

async function world(rest: object = STRICT): Promise<TickWorld> {
  const made = await tickWorld({ one: { percentage: 10 }, two: { percentage: 10 } }, rest);
  worlds.push(made);
  return made;
}

const of = (changes: readonly PlannedChange[], feature = 'one') =>
  changes.find((change) => change.feature === feature);
/** What `rollout plan` ends with, its errors and its changes, as a script reads them. */
async function planned(made: TickWorld) {
  const { code, stdout } = await made.cli(['plan', '--json']);
  const { problems, changes } = JSON.parse(stdout);
  const errors = problems.filter(({ severity }: Problem) => severity === 'error');
  return { code, errors, changes };
}
const at = async (made: TickWorld, feature = 'one') => (await made.row(feature)).percentage;

/** What ten ticks say of `one`, each the same. */
async function tenTicks(made: TickWorld): Promise<Set<string>> {
  const said = new Set<string>();
  for (let n = 0; n < 10; n++) {
    const change = of((await made.tick()).reconciled?.changes ?? []);
    said.add(`${change?.action} ${change?.reason.code} ${await at(made)}`);
  }
  return said;
}

describe('a raise that breaks the policy', () => {
  it('a raise that breaks the policy is refused for its feature alone, in the plan and in every reconcile', async () => {
    const made = await world();
    await made.commit(file(60, STRICT, 20), 'too much');
    const plan = await planned(made);
    expect(plan.code).toBe(1);
    expect(plan.errors).toMatchObject([
      { path: expect.stringMatching(/^features\.one\b/), line: expect.any(Number) },
    ]);
    expect(plan.changes.find(({ feature }: PlannedChange) => feature === 'one')).toMatchObject({
      action: 'refused',
      reason_facts: { code: 'policy', breaches: [{ code: 'points', points: 50, most: 25 }] },
    });
    const { changes } = await made.reconcile();
    expect(of(changes)).toMatchObject({
      action: 'refused',
      reason: { code: 'policy', breaches: [{ code: 'points', points: 50, most: 25 }] },
    });
    expect([await at(made), await at(made, 'two')]).toEqual([10, 20]);
    expect(await tenTicks(made)).toEqual(new Set(['refused policy 10']));
  });

  it('a raise that loosens the policy in the same commit is refused, and ten more ticks refuse it too', async () => {
    const made = await world();
    await made.commit(file(60, LOOSE), 'loosen and raise');
    expect(await tenTicks(made)).toEqual(new Set(['refused policy 10']));
  });

  it("a raise against the policy is also refused while another feature's incident holds its salt", async () => {
    const made = await world();
    const all = (one: object, three: object | null, rest: object) =>
      tickFile({ one, two: { percentage: 10 }, ...(three ? { three } : {}) }, rest);
    expect((await made.cli(['rollback', 'one', '--reason', 'it fails'])).code).toBe(0);
    const three = { percentage: 100, salt: 'one' };
    await made.commit(all({ percentage: 0, active: false }, three, LOOSE), 'loosen, and a new feature');
    for (let n = 0; n < 2; n++) {
      expect(of((await made.reconcile()).changes, 'three')).toMatchObject({
        action: 'refused',
        reason: { code: 'policy', breaches: [{ code: 'points', points: 100, most: 25 }] },
      });
    }
    const resumed = await made.cli(['resume', 'one', '--percentage', '10', '--reason', 'mended', '--yes']);
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.any(String)]);
    await made.reconcile();
    await made.reconcile();
    expect(await made.db.rows(`select from rollout_configuration where feature_name = 'three'`)).toEqual([]);
  });

  it('a raise that removes the policy in the same commit is refused', async () => {
    const made = await world();
    await made.commit(file(60, {}), 'no policy any more');
    expect(await tenTicks(made)).toEqual(new Set(['refused policy 10']));
  });

  it('a raise after a looser policy is refused if both commits are reconciled at once, else applied', async () => {
    const made = await world();
    await made.commit(file(10, LOOSE), 'loosen');
    await made.commit(file(60, LOOSE), 'raise');
    expect(await tenTicks(made)).toEqual(new Set(['refused policy 10']));
    const other = await world();
    await other.commit(file(10, LOOSE), 'loosen');
    await other.reconcile();
    await other.commit(file(60, LOOSE), 'raise');
    await other.reconcile();
    expect(await at(other)).toBe(60);
  });

  it('a refused raise stays refused while other entries change, and is judged anew when its own changes', async () => {
    const made = await world();
    await made.commit(file(60, LOOSE), 'loosen and raise');
    await made.reconcile();
    await made.commit(file(60, LOOSE, 15), 'another feature');
    const { changes } = await made.reconcile();
    expect([of(changes)?.action, of(changes, 'two')?.action]).toEqual(['refused', 'update']);
    await made.commit(file(61, LOOSE, 15), 'a later change');
    await made.reconcile();
    expect(await at(made)).toBe(61);
  });

  it('a reverted refusal is forgotten, and the same entry in a later commit is judged by that policy', async () => {
    const made = await world();
    await made.commit(file(60, LOOSE), 'loosen and raise');
    await made.reconcile();
    await made.commit(file(10, LOOSE), 'revert the raise');
    await made.reconcile();
    expect(await made.db.rows('select from rollout_refusals where ended_at is null')).toEqual([]);
    await made.commit(file(60, LOOSE), 'raise again');
    await made.reconcile();
    expect(await at(made)).toBe(60);
  });

  it('a raise is not judged when no policy was reconciled before', async () => {
    const made = await world({});
    await made.commit(file(60, STRICT), 'first policy, and a raise');
    await made.reconcile();
    expect(await at(made)).toBe(60);
    await made.commit(file(100, STRICT), 'a second raise');
    expect(of((await made.reconcile()).changes)?.action).toBe('refused');
  });

  it('a new feature that breaks the policy is not created', async () => {
    const made = await world();
    const text = tickFile(
      { one: { percentage: 10 }, two: { percentage: 10 }, three: { percentage: 50 } },
      STRICT,
    );
    await made.commit(text, 'a new feature');
    expect(of((await made.reconcile()).changes, 'three')).toMatchObject({ action: 'refused' });
    expect(await made.db.rows(`select from rollout_configuration where feature_name = 'three'`)).toEqual([]);
  });

  it('a refused raise prevents neither the repair of drift nor a cut', async () => {
    const made = await world();
    await addRepositories(made.db, 100);
    const rightly = await made.eligible('one');
    await made.commit(file(60, STRICT), 'too much');
    await made.reconcile();
    await made.db.pool.query(
      `update rollout_configuration set rollout_percentage = 90 where feature_name = 'one'`,
    );
    const leaving = (await made.eligible('one')) - rightly;
    const planned = JSON.parse((await made.cli(['plan', '--json'])).stdout);
    expect(of(planned.changes)).toMatchObject({ action: 'repair_drift', entering: 0, leaving });
    const { changes } = await made.reconcile();
    expect(of(changes)).toMatchObject({ action: 'repair_drift', impact: { entering: 0, leaving } });
    expect([await at(made), await made.eligible('one')]).toEqual([10, rightly]);
    await made.commit(file(5, STRICT), 'lower');
    await made.reconcile();
    expect(await at(made)).toBe(5);
  });

  it('the policy counts who enters, over registry and lists', async () => {
    const made = await world({ policy: { largest_raise: { subjects: 3 } } });
    await made.db.pool.query(
      `insert into repository_categories (repository_id, full_name, category)
       select 'r' || n, 'acme/r' || n, 'small' from generate_series(1, 40) n`,
    );
    const list = (ids: string[]) =>
      tickFile(
        { one: { percentage: 10, whitelist: ids }, two: { percentage: 10 } },
        { policy: { largest_raise: { subjects: 3 } } },
      );
    const out = (
      await made.db.rows<{ id: string }>(
        `select repository_id as id from repository_categories
       where rollout_bucket(repository_id, 'one') >= 1000 order by 1 limit 4`,
      )
    ).map(({ id }) => id);
    await made.commit(list(out), 'four at once');
    expect(of((await made.reconcile()).changes)?.reason).toMatchObject({
      breaches: [{ code: 'subjects', subjects: 4 }],
    });
    await made.commit(list(out.slice(0, 3)), 'three at once');
    expect(of((await made.reconcile()).changes)?.action).toBe('update');
  });

  it('the policy counts quarantined subjects as entering, because their resume does not ask the policy', async () => {
    const made = await world({ policy: { largest_raise: { subjects: 3 } } });
    await made.db.pool.query(
      `insert into repository_categories (repository_id, full_name, category)
       select 'r' || n, 'acme/r' || n, 'small' from generate_series(1, 40) n`,
    );
    const out = (
      await made.db.rows<{ id: string }>(
        `select repository_id as id from repository_categories
         where rollout_bucket(repository_id, 'one') >= 1000 order by 1 limit 4`,
      )
    ).map(({ id }) => id);
    await made.db.rows(
      `select rollout_quarantine_subjects('one', epoch, $1, '{9,9}', '{9,9}', 9, 'fails alone', 'test')
       from rollout_configuration where feature_name = 'one'`,
      [out.slice(0, 2)],
    );
    const list = tickFile(
      { one: { percentage: 10, whitelist: out }, two: { percentage: 10 } },
      { policy: { largest_raise: { subjects: 3 } } },
    );
    await made.commit(list, 'four at once, two of them in quarantine');
    expect(of((await made.reconcile()).changes)?.reason).toMatchObject({
      breaches: [{ code: 'subjects', subjects: 4 }],
    });
  });

  it('the policy admits the largest size last, whoever is in the blacklist and whoever leaves', async () => {
    const last = { policy: { largest_category_last: true } };
    const at = (entry: object) =>
      tickFile({ one: { percentage: 0, ...entry }, two: { percentage: 10 } }, last);
    const made = await tickWorldOf(at({}));
    await made.db.pool.query(
      `insert into repository_categories (repository_id, full_name, category)
       select left(c, 1) || n, 'acme/' || c || n, c
       from unnest(array['small', 'enterprise']) c, generate_series(1, 4) n`,
    );
    const enter = async (entry: object) => {
      await made.commit(at({ percentage: 100, ...entry }), 'change it');
      const change = of((await made.reconcile()).changes);
      return change?.reason.code === 'policy' ? change.reason.breaches : change?.action;
    };
    const smallWaits = [{ code: 'largest_category', category: 'enterprise', waiting: ['small'] }];
    // Names that nobody has, and repositories of the largest size itself, are no smaller ones.
    expect(await enter({ blacklist: ['n1', 'n2', 'e1', 'e2'] })).toEqual(smallWaits);
    expect(await enter({ categories: ['small'], blacklist: ['s1'] })).toBe('update');
    // All small ones are in, and would be out again.
    expect(await enter({ categories: ['enterprise'], blacklist: ['s1'] })).toEqual(smallWaits);
    expect(await enter({ blacklist: ['s1', 's2'] })).toBe('update');
  });
});

describe('test repositories that raise features by size', () => {
  const bySize = { strategy: 'repository_size', percentage: 10 };
  const LIMIT = { policy: { largest_raise: { subjects: 2 } } };
  const tests = (numbers: number[], rest: object = LIMIT, other = 10) =>
    tickFile(
      { one: bySize, two: { percentage: other } },
      { ...rest, test_repositories: numbers.map((n) => `acme/r${n}`) },
    );
  /** `one` admits the ten of size test of fifty. */
  async function sizes(): Promise<TickWorld> {
    const made = await tickWorld({ one: bySize, two: { percentage: 10 } }, LIMIT);
    worlds.push(made);
    await addRepositories(made.db, 50);
    expect(await made.eligible('one')).toBe(10);
    return made;
  }

  it("test repositories beyond the limit are refused as a whole, and the commit's other changes apply", async () => {
    const made = await sizes();
    await made.commit(tests([1, 2, 3], LIMIT, 8), 'three at once');
    const plan = await planned(made);
    expect(plan.code).toBe(1);
    expect(plan.errors).toMatchObject([{ path: 'test_repositories', line: expect.any(Number) }]);
    for (let n = 0; n < 3; n++) {
      const { problems, test_repositories } = await made.reconcile();
      expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
        { path: 'test_repositories', message: expect.stringContaining('rollout allow @test_repositories') },
      ]);
      expect(test_repositories).toEqual({ added: [], removed: [] });
      expect([await made.eligible('one'), await at(made, 'two')]).toEqual([10, 8]);
    }
    await made.commit(tests([1, 2], LIMIT, 8), 'two at once');
    expect((await made.reconcile()).problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(await made.eligible('one')).toBe(12);
  });

  it('refused test repositories stay refused with a looser policy, until rollout allow', async () => {
    const made = await sizes();
    await made.commit(tests([1, 2, 3], LOOSE), 'loosen and raise');
    for (let n = 0; n < 3; n++) {
      await made.tick();
      expect(await made.eligible('one')).toBe(10);
    }
    const allowed = await made.cli(['allow', '@test_repositories', '--reason', 'agreed', '--yes']);
    expect([allowed.code, allowed.stderr]).toEqual([0, '']);
    expect(await made.eligible('one')).toBe(13);
    const notes = (await made.history()).filter(({ action }) => action === 'note');
    expect(notes.at(-1)?.reason).toBe('allowed against the policy, @test_repositories: agreed');
    expect((await made.verify()).valid).toBe(true);
    await made.reconcile();
    const again = await made.cli(['allow', '@test_repositories', '--reason', 'agreed', '--yes']);
    expect(again.stderr).toContain('the policy has refused nothing of @test_repositories');
  });

  it('a list of test repositories waits as a whole for the hours of the policy, and the plan warns of it', async () => {
    const later = WEEKDAYS[(new Date().getUTCDay() + 1) % 7] ?? 'mon';
    const closed = { policy: { hours: { days: [later] } } };
    const made = await sizes();
    await made.commit(tests([], closed), 'hours');
    await made.reconcile();
    await made.commit(tests([1, 2, 3], closed), 'merged at night');
    const waits = {
      severity: 'warning',
      path: 'test_repositories',
      message: expect.stringContaining('waits'),
    };
    const plan = await made.cli(['plan', '--json']);
    expect(plan.code).toBe(2);
    expect(JSON.parse(plan.stdout)).toMatchObject({
      problems: [waits],
      movements: [{ feature: 'one', entering: 3 }],
    });
    expect(await made.reconcile()).toMatchObject({
      problems: [waits],
      test_repositories: { added: [], removed: [] },
    });
    expect(await made.eligible('one')).toBe(10);
    // The clock cannot be turned here: the hours that it waits for are.
    await made.db.pool.query(`update rollout_refusals set policy = jsonb_set(policy, '{hours,days}', $1)`, [
      JSON.stringify(WEEKDAYS),
    ]);
    await made.reconcile();
    expect(await made.eligible('one')).toBe(13);
  });

  it('a removal of test repositories is never refused', async () => {
    const made = await sizes();
    await made.commit(tests([1, 2]), 'two at once');
    await made.reconcile();
    await made.commit(tests([]), 'none');
    await made.reconcile();
    expect(await made.eligible('one')).toBe(10);
  });
});

describe('rollout allow', () => {
  it('rollout allow allows one refused entry, notes it in history, and allows nothing else', async () => {
    const made = await world();
    await made.commit(file(60, STRICT), 'too much');
    await made.reconcile();
    const allowed = await made.cli(['allow', 'one', '--reason', 'agreed', '--yes']);
    expect([allowed.code, allowed.stderr]).toEqual([0, '']);
    expect(await at(made)).toBe(60);
    const notes = (await made.history('one')).map(({ action, reason }) => `${action}: ${reason}`);
    expect(notes).toContainEqual('note: allowed against the policy: agreed');
    expect(notes.at(-1)).toMatch(/^updated: agreed \(.*percentage 10 -> 60\)$/);
    expect((await made.verify()).valid).toBe(true);
    await made.commit(file(100, STRICT), 'more');
    expect(of((await made.reconcile()).changes)?.action).toBe('refused');
  });

  it('rollout allow allows a feature that does not exist yet', async () => {
    const made = await world();
    const added = tickFile(
      { one: { percentage: 10 }, two: { percentage: 10 }, new: { percentage: 60 } },
      STRICT,
    );
    await made.commit(added, 'new at 60');
    expect(of((await made.reconcile()).changes, 'new')?.action).toBe('refused');
    const allowed = await made.cli(['allow', 'new', '--reason', 'agreed', '--yes']);
    expect([allowed.code, allowed.stderr]).toEqual([0, '']);
    expect(await at(made, 'new')).toBe(60);
  });

  it('rollout allow does nothing without a refusal, a reason or a confirmation', async () => {
    const made = await world();
    const none = await made.cli(['allow', 'one', '--reason', 'x', '--yes']);
    expect([none.code, none.stderr]).toEqual([
      1,
      expect.stringContaining('the policy has refused nothing of one'),
    ]);
    await made.commit(file(60, STRICT), 'too much');
    await made.reconcile();
    expect((await made.cli(['allow', 'one', '--yes'])).stderr).toContain('allow needs a reason');
    const asked: unknown[] = [];
    const outcome = await allowFeature(made.controller, {
      ...{ feature: 'one', reason: 'x' },
      agree: async (question) => asked.push(question) === 0,
    });
    expect([outcome, asked]).toEqual([
      null,
      [{ code: 'allow', feature: 'one', breaches: [{ code: 'points', points: 50, most: 25 }] }],
    ]);
    expect(await at(made)).toBe(10);
  });
});

describe('the controller under a policy', () => {
  it('the controller makes no commit that the policy would refuse, by a command or by a step', async () => {
    const made = await world();
    const before = await made.fileAt();
    const set = await made.cli(['set', 'one', '60', '--yes', '--json']);
    expect(set.code).not.toBe(0);
    expect(JSON.parse(set.stdout)).toMatchObject({ error: { code: 'held' } });
    expect(await made.fileAt()).toBe(before);

    const steps = { steps: [{ percentage: 10, soak: '1h' }, { percentage: 90 }] };
    const ramping = await tickWorld({ one: ramp(10, steps) }, STRICT);
    await ramping.record('one', { jobs: 90 });
    await ramping.tick();
    await ramping.pass(60);
    await ramping.record('one', { jobs: 10 });
    const [result] = (await ramping.tick()).results;
    expect(result).toMatchObject({
      action: 'none',
      note: { code: 'step_refused', to: 90, breaches: [{ code: 'points', points: 80, most: 25 }] },
    });
    expect(await at(ramping)).toBe(10);
  });

  it("steps and merges wait for the policy's hours and are applied then", async () => {
    const later = WEEKDAYS[(new Date().getUTCDay() + 1) % 7] ?? 'mon';
    const closed = { policy: { hours: { days: [later] } } };
    const made = await tickWorld({ one: ramp(10), two: { percentage: 10 } }, closed);
    await made.record('one', { jobs: 90 });
    await made.tick();
    await made.pass(24 * 60);
    await made.record('one', { jobs: 10 });
    expect((await made.tick()).results.find(({ feature }) => feature === 'one')?.advance.wait).toMatchObject({
      code: 'hours',
    });
    await made.commit(tickFile({ one: ramp(10), two: { percentage: 20 } }, closed), 'merged at night');
    const plan = await planned(made);
    expect(plan.code).toBe(2);
    expect(plan.changes.find(({ feature }: PlannedChange) => feature === 'two')).toMatchObject({
      action: 'update',
      warning_facts: [{ code: 'policy_hours' }],
    });
    const { changes } = await made.reconcile();
    expect(of(changes, 'two')).toMatchObject({ action: 'held', reason: { code: 'policy' } });
    // The clock cannot be turned here: the hours that it waits for are.
    await made.db.pool.query(`update rollout_refusals set policy = jsonb_set(policy, '{hours,days}', $1)`, [
      JSON.stringify(WEEKDAYS),
    ]);
    await made.reconcile();
    expect(await at(made, 'two')).toBe(20);
  });
});
