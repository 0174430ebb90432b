import { beforeAll, describe, expect, it } from 'vitest';
import { type ExplainInput, explain } from '../../../src/app/views/explain.ts';
import { fileOf, type Project, project } from '../../helpers/projects/project.ts';

let one: Project;

beforeAll(async () => {
  one = await project();
  await one.db.pool.query(
    `insert into repository_categories (repository_id, full_name, category) values
       ('small-1', 'acme/small', 'small'), ('large-1', 'acme/large', 'large'), ('new-1', 'acme/new', null),
       ('listed', 'acme/listed', 'large'), ('blocked', 'acme/blocked', 'small');
     insert into rollout_customers (customer_id, name) values ('c-1', 'Small Corp')`,
  );
  const lists = { whitelist: ['acme/listed'], blacklist: ['acme/blocked'] };
  await one.apply(
    fileOf({
      by_percentage: { percentage: 50, ...lists },
      ramped: {
        ...{ percentage: 10, salt: 'by_percentage' },
        steps: [
          { percentage: 10 },
          { percentage: 50, approve: true },
          { percentage: 75 },
          { percentage: 100 },
        ],
      },
      by_category: { percentage: 100, categories: ['small', 'medium'], ...lists },
      by_size: { strategy: 'repository_size', percentage: 25, ...lists },
      by_size_all: { strategy: 'repository_size', percentage: 100 },
      by_size_none: { strategy: 'repository_size', percentage: 0, ...lists },
      by_list: { strategy: 'whitelist', ...lists },
      off: { active: false, percentage: 100 },
      stopped: { emergency_stop: true, percentage: 100 },
      customers: { subject: 'customer', percentage: 100 },
      hybrid_progressive_capture: { percentage: 10 },
    }),
  );
});

const ask = (feature: string, subject: string, rest: Partial<ExplainInput> = {}) =>
  explain(one.controller.store, { feature, subject, environment: {}, ...rest });

describe('explain', () => {
  it('explain names the step at which a subject enters, and a step with approve on the way', async () => {
    const later = async (subject: string) => (await ask('ramped', subject)).caveats;
    const approved = 'a person approves 50% by a pull request';
    expect(await later('acme/small')).toEqual([`it enters with the step to 75%; ${approved}`]);
    expect(await later('large-1')).toEqual([`it enters with the step to 50%; ${approved}`]);
    expect((await ask('by_percentage', 'acme/small')).caveats).toEqual([]);
    const content = fileOf({
      ramped: { percentage: 50, salt: 'by_percentage', steps: [{ percentage: 75, approve: true }] },
    });
    const proposed = { path: 'rollout.yaml', content, revision: null };
    expect((await ask('ramped', 'acme/small', { proposed })).caveats).toContain(
      'it enters with the step to 75%; a person approves 75% by a pull request',
    );
  });

  it.each([
    [
      'by_percentage',
      'acme/small',
      'percentage',
      'by_percentage is off for acme/small (small-1): its bucket 6754 is not below 5000 (50% of 10000)',
    ],
    [
      'by_percentage',
      'large-1',
      'percentage',
      'by_percentage is on for acme/large (large-1): its bucket 2515 is below 5000 (50% of 10000)',
    ],
    [
      'by_percentage',
      'ACME/Listed',
      'whitelist',
      'by_percentage is on for acme/listed (listed): it is in the whitelist',
    ],
    [
      'by_percentage',
      'blocked',
      'blacklist',
      'by_percentage is off for acme/blocked (blocked): it is in the blacklist',
    ],
    [
      'by_category',
      'small-1',
      'percentage',
      'by_category is on for acme/small (small-1): its bucket 8046 is below 10000 (100% of 10000)',
    ],
    [
      'by_category',
      'large-1',
      'category',
      'by_category is off for acme/large (large-1): its category is large, and only small, medium may be in',
    ],
    [
      'by_category',
      'new-1',
      'category',
      'by_category is off for acme/new (new-1): its category is unknown, and only small, medium may be in',
    ],
    [
      'by_size',
      'small-1',
      'repository_size',
      'by_size is on for acme/small (small-1): its category is small, and at 25% test, small are in',
    ],
    [
      'by_size',
      'large-1',
      'repository_size',
      'by_size is off for acme/large (large-1): its category is large, and at 25% test, small are in',
    ],
    [
      'by_size',
      'new-1',
      'uncategorized',
      'by_size is off for acme/new (new-1): it has no category, and at 25% only test, small are in',
    ],
    [
      'by_size_all',
      'new-1',
      'repository_size',
      'by_size_all is on for acme/new (new-1): at 100% every size is in',
    ],
    [
      'by_size_none',
      'small-1',
      'repository_size',
      'by_size_none is off for acme/small (small-1): its category is small, and at 0% none are in',
    ],
    [
      'by_size_none',
      'listed',
      'whitelist',
      'by_size_none is on for acme/listed (listed): it is in the whitelist, which counts at 0% too',
    ],
    [
      'by_list',
      'listed',
      'whitelist',
      'by_list is on for acme/listed (listed): it is in the whitelist, which counts at 0% too',
    ],
    [
      'by_list',
      'small-1',
      'not_whitelisted',
      'by_list is off for acme/small (small-1): the strategy is whitelist, and it is not in it',
    ],
    ['by_list', 'blocked', 'blacklist', 'by_list is off for acme/blocked (blocked): it is in the blacklist'],
    [
      'off',
      'small-1',
      'inactive',
      'off is off for acme/small (small-1): it is switched off for everyone (active: false)',
    ],
    [
      'stopped',
      'small-1',
      'emergency_stop',
      'stopped is off for acme/small (small-1): it is stopped for everyone (emergency_stop: true)',
    ],
    [
      'customers',
      'c-1',
      'percentage',
      'customers is on for Small Corp (c-1): its bucket 143 is below 10000 (100% of 10000)',
    ],
  ])(
    'explain answers for %s and %s in one sentence with its numbers: %s',
    async (feature, subject, reason, expected) => {
      const { sentence, ...answer } = await ask(feature, subject);
      expect(answer.reason).toBe(reason);
      expect(sentence).toBe(expected);
      // The same from the database, by its own definition.
      const [inDatabase] = await one.db.rows(
        `select eligible, reason, bucket from rollout_evaluate($1, $2)`,
        [feature, answer.subject],
      );
      expect(inDatabase).toEqual({ eligible: answer.eligible, reason, bucket: answer.bucket });
    },
  );

  it('explain answers for a subject that is not in the registry, and says so', async () => {
    const answer = await ask('by_size', 'Somebody/Else');
    expect(answer).toMatchObject({
      reason: 'uncategorized',
      name: null,
      category: null,
      subject: 'Somebody/Else',
    });
    expect(answer.caveats).toEqual([
      'Somebody/Else is not in the registry, so it has no name, no category and no attributes',
    ]);
    expect(await ask('by_percentage', 'x'.repeat(512))).toMatchObject({ reason: 'percentage' });
  });

  it.each([
    ['', 'must not be empty'],
    ['   ', 'must not begin or end with a space'],
    ['x'.repeat(513), 'must have at most 512 characters, and has 513'],
    ['acme/\u001b[31m', 'must not contain the control character U+001B'],
    ['acme/\ud83d', 'must not contain half of a surrogate pair (U+D83D)'],
    ['a\u202eb', 'must not contain the invisible character U+202E'],
  ])('explain refuses %j as a subject, as the file would: it %s', async (subject, problem) => {
    await expect(ask('by_percentage', subject)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(`it ${problem}`),
    });
  });

  it('explain refuses an unknown feature and suggests the likely one', async () => {
    await expect(ask('by_percentag', 'small-1')).rejects.toMatchObject({
      code: 'unknown_feature',
      message: 'there is no feature "by_percentag"',
      hint: 'did you mean by_percentage?',
    });
    await expect(ask('nobody_knows', 'small-1')).rejects.toMatchObject({
      code: 'unknown_feature',
      hint: expect.stringMatching(/^there are .*by_list/),
    });
  });

  it('explain answers with the global stop only while it is set', async () => {
    const other = await project();
    await other.apply(fileOf({ one: { percentage: 100 } }));
    const { store } = other.controller;
    const input = { feature: 'one', subject: 'r1', environment: {} };
    expect(await explain(store, input)).toMatchObject({ eligible: true, incident: null });
    await store.incidents.stop(null, 'all hands', 'ada');
    await other.db.pool.query(`update rollout_configuration set emergency_stop = false`);
    expect(await explain(store, input)).toMatchObject({
      eligible: false,
      reason: 'global_stop',
      incident: '1',
    });
    const proposed = { path: 'rollout.yaml', content: fileOf({ one: { percentage: 100 } }), revision: null };
    expect((await explain(store, { ...input, proposed })).caveats).toContain(
      'but every feature is stopped, so nobody would be in: all hands',
    );
  });

  it('explain refuses to answer when the database decides otherwise than the library', async () => {
    const other = await project();
    await other.apply(fileOf({ one: { percentage: 100 } }));
    await other.db.pool.query(
      `alter function rollout_evaluate(text, text) rename to rollout_evaluate_before;
       create function rollout_evaluate(feature text, subject text)
       returns table (eligible boolean, reason text, bucket integer, percentage numeric, category text)
       language sql as $$ select not eligible, reason, bucket, percentage, category from rollout_evaluate_before($1, $2) $$`,
    );
    await expect(
      explain(other.controller.store, { feature: 'one', subject: 'r', environment: {} }),
    ).rejects.toMatchObject({
      code: 'database_incompatible',
      message: 'the database decides false (percentage), the library true (percentage)',
    });
  });
});

describe('explain with overrides of the environment', () => {
  it.each([
    [{ ROLLOUT_EMERGENCY_STOP: '1' }, 'by_percentage', 'env_stop', true],
    [{ ROLLOUT_EMERGENCY_STOP: 'flase' }, 'by_percentage', 'env_stop', true],
    [{ HYBRID_EMERGENCY_STOP: 'yes' }, 'hybrid_progressive_capture', 'env_stop', true],
    [{ ROLLOUT_PERCENTAGE: '0' }, 'by_percentage', 'percentage', true],
    [{ ROLLOUT_PERCENTAGE: '100', NODE_ENV: 'production' }, 'by_percentage', 'percentage', false],
    [{ ROLLOUT_STRATEGY: 'whitelist' }, 'by_percentage', 'not_whitelisted', true],
    [{ ROLLOUT_PERCENTAGE: 'ten' }, 'by_percentage', 'percentage', false],
  ])('explain shows the environment override %j on %s: %s', async (environment, feature, reason, applied) => {
    const answer = await ask(feature, 'small-1', { environment });
    expect(answer.reason).toBe(reason);
    expect(answer.overrides).toMatchObject([{ applied, because: expect.any(String) }]);
  });

  it.each([
    [{ HYBRID_EMERGENCY_STOP: '1' }, 'by_percentage'],
    [{ ROLLOUT_EMERGENCY_STOP: 'off' }, 'by_percentage'],
    [{ ROLLOUT_MAX_ERROR_RATE: '1', ROLLOUT_AUTO_ROLLBACK: 'false' }, 'by_percentage'],
  ])('explain does not show %j on %s, where it has no effect', async (environment, feature) => {
    const answer = await ask(feature, 'small-1', { environment });
    expect(answer).toMatchObject({ overrides: [], reason: 'percentage' });
  });

  it('explain of the past or of a proposed file ignores environment overrides', async () => {
    const environment = { ROLLOUT_EMERGENCY_STOP: '1' };
    const proposed = {
      path: 'p.yaml',
      content: fileOf({ by_percentage: { percentage: 100 } }),
      revision: null,
    };
    for (const rest of [{ at: new Date() }, { proposed }]) {
      expect(await ask('by_percentage', 'small-1', { environment, ...rest })).toMatchObject({
        overrides: [],
        reason: 'percentage',
      });
    }
  });
});
