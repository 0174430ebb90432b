import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlannedChange } from '../../../src/domain/plan/impact.ts';
import { CATEGORIES } from '../../../src/domain/spec/vocabulary.ts';
import { fileOf, type Project, project } from '../../helpers/projects/project.ts';
import { patience } from '../../helpers/run/pace.ts';

const REPOSITORIES = 40;
const CUSTOMERS = 15;
const FEATURES = ['alpha', 'beta', 'gamma'];

const places = (max: number) => fc.uniqueArray(fc.integer({ min: 1, max }), { maxLength: 4 });

/** One feature as a file may say it; ids of both kinds of subjects are the same texts. */
const anyFeature = fc
  .record({
    subject: fc.constantFrom('repository' as const, 'repository' as const, 'customer' as const),
    active: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    stopped: fc.integer({ min: 0, max: 11 }).map((n) => n === 0),
    strategy: fc.constantFrom('percentage', 'percentage', 'whitelist', 'repository_size'),
    percentage: fc.constantFrom(0, 10, 25, 40, 50, 75, 100),
    categories: fc.option(fc.subarray([...CATEGORIES], { minLength: 1 })),
    whitelist: places(CUSTOMERS),
    blacklist: places(REPOSITORIES),
    byName: fc.boolean(),
    salt: fc.constantFrom('one', 'one', 'two'),
  })
  .map(({ subject, active, stopped, strategy, percentage, categories, byName, salt, ...lists }) => {
    const repositories = subject === 'repository';
    const entry = (place: number) => (repositories && byName ? `Acme/R${place}` : `s${place}`);
    const only = strategy === 'repository_size' && !repositories ? 'percentage' : strategy;
    return {
      subject,
      active,
      emergency_stop: stopped,
      strategy: only,
      ...(only === 'whitelist' ? {} : { percentage }),
      ...(repositories && only === 'percentage' && categories ? { categories } : {}),
      whitelist: lists.whitelist.map(entry),
      blacklist: lists.blacklist.filter((place) => !lists.whitelist.includes(place)).map(entry),
      salt,
    };
  });

const quarantine = (
  feature: string,
  places: number[],
) => `select rollout_quarantine_subjects(c.feature_name, c.epoch,
  '{${places.map((place) => `s${place}`)}}', '{${places.map(() => 9)}}', '{${places.map(() => 9)}}', 99, 'fails alone', 'test')
  from rollout_configuration c where c.feature_name = '${feature}'`;

/** What the database is asked to do before the next file comes. */
const anyHand = fc.constantFrom(
  'nothing',
  'nothing',
  `update rollout_configuration set rollout_percentage = least(rollout_percentage, 5) where feature_name = 'alpha'`,
  `update rollout_configuration set rollout_percentage = 90 where feature_name = 'beta' and rollout_strategy <> 'whitelist'`,
  `update rollout_configuration set subject_type = case subject_type when 'customer' then 'repository' else 'customer' end where feature_name = 'gamma'`,
  quarantine('alpha', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
  quarantine('beta', [3, 6, 9, 12, 15, 18, 21, 24]),
  quarantine('gamma', [2, 4, 6, 8, 10, 12]),
  `select rollout_release_subjects('alpha', '{s1,s2,s3,s4,s5}', 'fixed', 'test')`,
  `do $$ begin if exists (select from rollout_configuration where feature_name = 'beta' and archived_at is null) then
     perform rollout_emergency_stop('beta', 'by hand'); end if; end $$`,
);

const anyStep = fc.record({
  // A file without any feature is refused while one is live.
  features: fc
    .tuple(...FEATURES.map(() => fc.option(anyFeature, { freq: 6 })))
    .filter((features) => features.some((one) => one !== null)),
  tests: places(REPOSITORIES),
  testsByName: fc.boolean(),
  hand: anyHand,
  /** The features stay as the file before has them: only the test repositories change. */
  keeps: fc.integer({ min: 0, max: 2 }).map((n) => n === 0),
});

type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

function textOf(features: Step['features'], { tests, testsByName }: Step): string {
  const said = features.flatMap((one, place) => (one ? [[FEATURES[place] ?? '', one] as const] : []));
  const test_repositories = tests.map((place) => (testsByName ? `acme/R${place}` : `s${place}`));
  return fileOf(Object.fromEntries(said), { test_repositories });
}

async function fill({ db }: Project, seed: number): Promise<void> {
  await db.pool.query(
    `insert into repository_categories (repository_id, full_name, star_count, contributor_count, pr_count)
     select 's' || n, 'Acme/R' || n, (array[0, 40, 400, 4000, 40000])[1 + (n * $2::bigint) % 5], 1, 1
     from generate_series(1, $1) n`,
    [REPOSITORIES, 1 + (seed % 7)],
  );
  await db.pool.query(`select from categorize_all_repositories()`);
  await db.pool.query(
    `insert into repository_categories (repository_id) select 'new' || n from generate_series(1, 5) n`,
  );
  await db.pool.query(
    `insert into rollout_customers (customer_id) select 's' || n from generate_series(1, $1) n`,
    [CUSTOMERS],
  );
}

/** Who each feature admits, as `kind id`. */
async function admitted({ db }: Project): Promise<Map<string, Set<string>>> {
  const rows = await db.rows<{ feature: string; who: string }>(
    `select c.feature_name as feature, c.subject_type || ' ' || s.subject_id as who
     from rollout_configuration c join rollout_subjects s using (subject_type)
     where (select eligible from rollout_evaluate(c.feature_name, s.subject_id))`,
  );
  const sets = new Map<string, Set<string>>();
  for (const { feature, who } of rows) sets.set(feature, (sets.get(feature) ?? new Set()).add(who));
  return sets;
}

interface Moves {
  entering: number;
  leaving: number;
}

/** Of every feature that moves anybody. */
function moves(before: Map<string, Set<string>>, after: Map<string, Set<string>>): Record<string, Moves> {
  const found: Record<string, Moves> = {};
  for (const feature of FEATURES) {
    const [was, is] = [before.get(feature) ?? new Set(), after.get(feature) ?? new Set()];
    const entering = [...is].filter((who) => !was.has(who)).length;
    const leaving = [...was].filter((who) => !is.has(who)).length;
    if (entering + leaving > 0) found[feature] = { entering, leaving };
  }
  return found;
}

interface Said {
  changes: readonly PlannedChange[];
  movements: readonly ({ feature: string } & Moves)[];
}

/** What a plan or a reconcile says of them. */
function movesSaid({ changes, movements }: Said): Record<string, Moves> {
  const said = [
    ...changes.map(({ feature, impact }) => ({ feature, entering: 0, leaving: 0, ...impact })),
    ...movements,
  ];
  const found: Record<string, Moves> = {};
  for (const { feature, entering, leaving } of said) {
    if (entering + leaving > 0) found[feature] = { entering, leaving };
  }
  return found;
}

const WORLDS = 8;
const STEPS = 10;

describe('plan', () => {
  it(
    'plan predicts for any file who enters and who leaves, and reconcile does exactly that',
    async () => {
      const seen = { quarantined: 0, moving: 0, kinds: 0, tests: 0, held: 0 };
      const walk = fc.array(anyStep, { minLength: STEPS, maxLength: STEPS, size: 'max' });
      await fc.assert(
        fc.asyncProperty(fc.nat(1_000), walk, async (seed, steps) => {
          const one = await project();
          await fill(one, seed);
          let features = steps[0]?.features;
          for (const step of steps) {
            if (step.hand !== 'nothing') await one.db.pool.query(step.hand);
            if (!features || !step.keeps) features = step.features;
            await one.write(textOf(features, step));
            const before = await admitted(one);
            const planned = await one.plan();
            expect(planned.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
            const done = await one.reconcile();
            const moved = moves(before, await admitted(one));
            expect({ step, moved: movesSaid(planned) }).toEqual({ step, moved });
            expect({ step, moved: movesSaid(done) }).toEqual({ step, moved });
            expect(done.changes.map(({ feature, action }) => [feature, action])).toEqual(
              planned.changes.map(({ feature, action }) => [feature, action]),
            );
            const inside = await one.controller.store.reading((read) => read.incidents.quarantinedIds());
            seen.quarantined += Object.keys(moved).filter((feature) => inside.has(feature)).length;
            seen.moving += Object.keys(moved).length;
            const ofOtherKind = planned.changes.filter(
              (c) => c.subject_before && c.subject_before !== c.subject,
            );
            seen.kinds += ofOtherKind.length;
            seen.tests += planned.movements.length;
            seen.held += planned.changes.filter(({ held }) => held).length;
          }
        }),
        // A world is dear, and a walk is read from its step: not shrunk.
        { numRuns: WORLDS, seed: 20_261_129, endOnFailure: true },
      );
      // Without any of these the property would say little.
      for (const count of Object.values(seen)) expect(count).toBeGreaterThan(3);
    },
    patience(300_000),
  );
});
