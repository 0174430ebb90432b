import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate, type Subject } from '../../../src/domain/eligibility/eligibility.ts';
import { foldName } from '../../../src/domain/spec/resolve.ts';
import type { ResolvedExposure } from '../../../src/domain/spec/spec.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import type { Rollout } from '../../../src/runtime/index.ts';
import { admits, valuesOf } from '../../../src/store/configuration/impact.ts';
import {
  type GeneratedRamp,
  type GeneratedSubject,
  generatedRamps,
  generatedSubjects,
  ownerOf,
  stagesOf,
} from '../../helpers/data/generated-teams.ts';
import { openRollout } from '../../helpers/http/rollouts.ts';
import { fileOf, type Project, project } from '../../helpers/projects/project.ts';
import { patience } from '../../helpers/run/pace.ts';

/** How many repositories; `ROLLOUT_PROPERTY_SUBJECTS=100000` looks at many. */
const COUNT = Number(process.env.ROLLOUT_PROPERTY_SUBJECTS ?? 1_500);
const RAMPS = 12;

const random = seededRandom(2_027);
const subjects = generatedSubjects(random, COUNT);
const ramps = generatedRamps(random, RAMPS, subjects);

let one: Project;
let rollout: Rollout;
let exposures: Map<string, ResolvedExposure>;
/** As the registry has them, in the order of their ids. */
let registered: Subject[];

beforeAll(async () => {
  one = await project();
  await insert(subjects);
  const done = await one.apply(fileOf(stagesOf(ramps)));
  expect(done.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const actual = await one.controller.store.reading((read) => read.features.actual());
  exposures = new Map([...actual.values()].map(({ feature, columns }) => [feature, columns]));
  registered = await one.db.rows(
    `select subject_id as id, name, category, facts from rollout_subjects order by subject_id collate "C"`,
  );
  rollout = await openRollout({ connectionString: one.db.connectionString });
}, patience(600_000));

async function insert(all: readonly GeneratedSubject[]): Promise<void> {
  await one.db.pool.query(
    `insert into repository_categories (repository_id, full_name, star_count, contributor_count, pr_count, attributes)
     select id, name, stars, 1, 1, attributes
     from jsonb_to_recordset($1) as r(id text, name text, stars integer, attributes jsonb)`,
    [JSON.stringify(all)],
  );
  await one.db.pool.query('select from categorize_all_repositories()');
}

/** A character each, in the order of the ids: 1 is in. */
async function inSql(exposure: ResolvedExposure): Promise<string> {
  const [row] = await one.db.rows<{ said: string }>(
    `select string_agg(case when ${admits(1)} then '1' else '0' end, '' order by s.id collate "C") as said
     from (select subject_id as id, name, category, facts from rollout_subjects) s`,
    valuesOf(exposure),
  );
  return row?.said ?? '';
}

const asDigits = (decisions: readonly boolean[]) =>
  decisions.map((eligible) => (eligible ? '1' : '0')).join('');
const exposureOf = (key: string): ResolvedExposure => {
  const found = exposures.get(key);
  if (!found) throw new Error(`${key} was not reconciled`);
  return found;
};
const inTheLibrary = (key: string) => registered.map(({ id }) => rollout.isEligible(key, id));

/** Nobody is listed, so the bucket of the owner alone decides. */
const unlisted = ({ rest }: GeneratedRamp) => rest.whitelist === undefined && rest.blacklist === undefined;

describe(`generated files over ${COUNT.toLocaleString('en')} repositories`, {
  timeout: patience(600_000),
}, () => {
  it('TypeScript, SQL and the library decide alike for every subject under generated files', async () => {
    let pairs = 0;
    for (const key of ramps.flatMap(({ keys }) => keys)) {
      const exposure = exposureOf(key);
      const pure = asDigits(registered.map((subject) => evaluate(exposure, subject).eligible));
      expect({ key, said: pure === (await inSql(exposure)) }).toEqual({ key, said: true });
      expect({ key, said: pure === asDigits(inTheLibrary(key)) }).toEqual({ key, said: true });
      pairs += registered.length;
    }
    console.log(`${pairs.toLocaleString('en')} pairs of feature and subject decided alike three times`);
    expect(pairs).toBe(RAMPS * 5 * COUNT);
  });

  it('under generated files, everybody who was in at a lower percentage stays in', () => {
    let moved = 0;
    for (const { keys } of ramps) {
      const stages = keys.map(inTheLibrary);
      for (const [place, later] of stages.entries()) {
        const earlier = stages[place - 1];
        if (!earlier) continue;
        const lost = earlier.findIndex((eligible, nth) => eligible && !later[nth]);
        expect({ key: keys[place], lost: registered[lost]?.id }).toEqual({
          key: keys[place],
          lost: undefined,
        });
        moved += later.filter((eligible, nth) => eligible && !earlier[nth]).length;
      }
    }
    expect(moved).toBeGreaterThan(COUNT);
  });

  it('under generated files, a feature grouped by owner never splits an owner', () => {
    const grouped = ramps.filter((ramp) => ramp.rest.group_by === 'owner');
    // Filters and sizes look at each subject, so among those that pass them the owner decides.
    const whole = grouped.filter((ramp) => unlisted(ramp) && ramp.rest.categories === undefined);
    expect(whole.length).toBeGreaterThan(0);
    for (const key of whole.flatMap(({ keys }) => keys)) {
      const sides = new Map<string, Set<boolean>>();
      for (const subject of registered) {
        const { eligible, reason } = evaluate(exposureOf(key), subject);
        if (reason !== 'percentage') continue;
        const owner = foldName(ownerOf(subject.name ?? ''));
        sides.set(owner, (sides.get(owner) ?? new Set()).add(eligible));
      }
      expect([...sides].filter(([, both]) => both.size > 1).map(([owner]) => owner)).toEqual([]);
      expect(sides.size).toBeGreaterThan(COUNT / 20);
    }
  });
});
