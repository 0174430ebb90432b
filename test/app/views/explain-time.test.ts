import { describe, expect, it } from 'vitest';
import { type ExplainInput, explain } from '../../../src/app/views/explain.ts';
import { fileOf, gitProject, type Project, project } from '../../helpers/projects/project.ts';

const asker =
  ({ controller }: Project, feature = 'one') =>
  (subject: string, rest: Partial<ExplainInput>) =>
    explain(controller.store, { feature, subject, environment: {}, ...rest });

/** The database's clock, between one change and the next: a date has no microseconds, so some time on both sides. */
async function now({ db }: Project): Promise<Date> {
  const [row] = await db.rows<{ at: Date }>(`select clock_timestamp() as at from pg_sleep(0.003)`);
  await db.rows(`select from pg_sleep(0.003)`);
  return new Date((row?.at.getTime() ?? 0) + 1);
}

describe('explain as of a moment in the past', () => {
  it('explain of a past moment answers by the state then: before creation, between changes, after the last', async () => {
    const one = await gitProject();
    const ask = asker(one);
    const before = await now(one);
    const first = await one.commit(fileOf({ one: { whitelist: ['r1'] } }));
    await one.reconcile();
    const then = await now(one);
    const second = await one.commit(fileOf({ one: { percentage: 100 } }));
    await one.reconcile();
    const after = await now(one);

    const nothing = await ask('r1', { at: before });
    expect(nothing).toMatchObject({ eligible: false, reason: 'unknown', revision: null });
    expect(nothing.sentence).toBe(
      `history knows nothing of one at ${before.toISOString()}: by what was kept, it was off for everyone`,
    );
    expect(await ask('r1', { at: then })).toMatchObject({
      eligible: true,
      reason: 'whitelist',
      percentage: 0,
      revision: first,
    });
    expect(await ask('r2', { at: then })).toMatchObject({
      eligible: false,
      reason: 'percentage',
      revision: first,
    });
    expect(await ask('r2', { at: after })).toMatchObject({
      eligible: true,
      percentage: 100,
      revision: second,
    });
    expect((await ask('r2', { at: after })).caveats[0]).toMatch(/^as of \d{4}.*Z, by history row 2$/);
  });

  it('explain of a past moment uses the category of then, and says when it was not kept', async () => {
    const one = await project();
    const ask = asker(one);
    const before = await now(one);
    await one.db.pool.query(
      `insert into repository_categories (repository_id, full_name, star_count) values ('r1', 'acme/r1', 0)`,
    );
    await one.db.pool.query('select from categorize_all_repositories()');
    await one.apply(fileOf({ one: { strategy: 'repository_size', percentage: 10 } }));
    const small = await now(one);
    await one.db.pool.query(`update repository_categories set star_count = 400`);
    await one.db.pool.query('select from categorize_all_repositories()');
    const grown = await now(one);
    expect(await ask('acme/r1', { at: small })).toMatchObject({ category: 'test', eligible: true });
    expect(await ask('acme/r1', { at: grown })).toMatchObject({ category: 'medium', eligible: false });
    expect(await ask('acme/r1', {})).toMatchObject({ category: 'medium', eligible: false });
    expect((await ask('acme/r1', { at: before })).caveats).toContain(
      'its category at that time was not kept: taken as not categorised',
    );
  });

  it('explain of a past moment uses the attributes and owner of then, and none before the import', async () => {
    const one = await project();
    const ask = asker(one);
    await one.apply(fileOf({ one: { percentage: 100, where: { region: ['eu'] }, blacklist: ['evil/*'] } }));
    const before = await now(one);
    await one.db.pool.query(
      `insert into repository_categories (repository_id, full_name, attributes) values ('r1', 'acme/r1', '{"region":"us"}')`,
    );
    const abroad = await now(one);
    await one.db.pool.query(`update repository_categories set attributes = '{"region":"eu"}'`);
    const home = await now(one);
    await one.db.pool.query(`update repository_categories set full_name = 'evil/r1'`);
    const later = 'it came into the registry later: taken without attributes';
    const early = await ask('r1', { at: before });
    expect(early).toMatchObject({ eligible: false, reason: 'unknown_attribute' });
    expect(early.caveats).toContain(later);
    expect(await ask('r1', { at: abroad })).toMatchObject({ eligible: false, reason: 'attribute' });
    expect((await ask('r1', { at: abroad })).caveats).not.toContain(later);
    expect(await ask('r1', { at: home })).toMatchObject({ eligible: true, reason: 'percentage' });
    expect(await ask('r1', {})).toMatchObject({ eligible: false, reason: 'blacklist' });
  });

  it("explain of a past moment names the incident that held the feature then, not today's", async () => {
    const one = await project();
    const ask = asker(one);
    const { store } = one.controller;
    const held = async (at?: Date) => (await ask('r1', { at })).incident;
    await one.apply(fileOf({ one: { percentage: 10 } }));
    const free = await now(one);
    await one.db.pool.query('update rollout_configuration set rollout_percentage = 5');
    await one.reconcile();
    const drifted = await now(one);
    await store.incidents.stop('one', 'payments fail', 'ada');
    const stopped = await now(one);
    await one.apply(fileOf({ one: { percentage: 10, emergency_stop: true } }));
    const settled = await now(one);
    expect([await held(free), await held(drifted), await held(stopped), await held(settled)]).toEqual([
      null,
      '1',
      '2',
      null,
    ]);
    expect(await held()).toBeNull();
    expect(await ask('r1', { at: stopped })).toMatchObject({ reason: 'emergency_stop' });
  });

  it('explain of a past moment distinguishes a change by SQL from the change before', async () => {
    const one = await project();
    const ask = asker(one);
    await one.apply(fileOf({ one: { percentage: 0 } }));
    const before = await now(one);
    await one.db.pool.query('update rollout_configuration set rollout_percentage = 100');
    const after = await now(one);
    expect((await ask('r1', { at: before })).eligible).toBe(false);
    expect((await ask('r1', { at: after })).eligible).toBe(true);
  });
});

describe('explain as a proposed file would have it', () => {
  const proposed = (content: string) => ({ proposed: { path: 'next.yaml', content, revision: null } });

  it('explain of a proposed file answers by that file with resolved names, and changes nothing', async () => {
    const one = await project();
    const ask = asker(one);
    await one.apply(fileOf({ one: { percentage: 0 } }));
    await one.db.pool.query(
      `insert into repository_categories (repository_id, full_name) values ('r1', 'acme/r1')`,
    );
    const next = proposed(fileOf({ one: { whitelist: ['Acme/R1'] }, two: { percentage: 100 } }));
    expect(await ask('acme/r1', next)).toMatchObject({
      eligible: true,
      reason: 'whitelist',
      subject: 'r1',
      caveats: ['as next.yaml would have it'],
    });
    expect(await asker(one, 'two')('r1', next)).toMatchObject({ eligible: true });
    expect(await ask('acme/r1', {})).toMatchObject({ eligible: false });
  });

  it('explain of a proposed file says that a held feature would not follow it', async () => {
    const one = await project();
    await one.apply(fileOf({ one: { percentage: 10 } }));
    await one.controller.store.incidents.stop('one', 'payments fail', 'ada');
    const wide = await asker(one)('r1', proposed(fileOf({ one: { percentage: 100 } })));
    expect(wide).toMatchObject({ eligible: true, incident: '1' });
    expect(wide.caveats).toContain(
      'but incident 1 holds the feature, so this would not take effect: payments fail',
    );
    const off = await asker(one)('r1', proposed(fileOf({ one: { active: false } })));
    expect(off.caveats).toEqual([
      'as next.yaml would have it',
      expect.stringContaining('is not in the registry'),
    ]);
  });

  it.each([
    [': : :', 'file_invalid', 'next.yaml has errors'],
    [fileOf({ one: { percentage: 101 } }), 'file_invalid', 'one has errors in next.yaml'],
    [fileOf({ two: {}, three: {} }), 'unknown_feature', 'next.yaml has no feature "one"'],
  ])('explain refuses a proposed file that cannot answer: %s', async (content, code, message) => {
    const one = await project();
    const error = {
      code,
      message,
      hint: expect.stringMatching(/rollout validate --file next\.yaml|there are two, three|did you mean/),
    };
    await expect(asker(one)('r1', proposed(content))).rejects.toMatchObject(error);
  });
});
