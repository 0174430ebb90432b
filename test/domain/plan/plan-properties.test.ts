import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectedExposure } from '../../../src/domain/plan/actual.ts';
import { atMost, strictlyLess } from '../../../src/domain/spec/at-most.ts';
import { permitInForce } from '../../../src/domain/spec/incident.ts';
import type { Exposure } from '../../../src/domain/spec/spec.ts';
import { admitted, population, within } from '../../helpers/data/specs.ts';
import { anyParts, anyWorld, FEATURES, worldOf } from './plan-arbitraries.ts';
import { afterwards, changesOf, NOW, retell, type World } from './plan-world.ts';

/** One feature of a world with everything that its plan rests on, and its exposure after the plan. */
function standings(world: World) {
  const changes = new Map(changesOf(world).map((change) => [change.feature, change]));
  return [...world.rows.values()].map((actual) => {
    const about = world.incidents.filter(({ feature }) => feature === actual.feature);
    const hold = about.find(({ state }) => state === 'open') ?? null;
    const change = changes.get(actual.feature);
    return {
      actual,
      hold,
      settled: about.find(({ state }) => state === 'settled') ?? null,
      wanted: world.file.features.get(actual.feature)?.exposure ?? null,
      resumes: world.file.features.get(actual.feature)?.resumes ?? null,
      live: expectedExposure(actual, hold),
      after: change?.after ?? actual.columns,
    };
  });
}

const runs = { numRuns: 1_000, seed: 1 };

describe('in whatever world', () => {
  test('no plan admits anybody beyond an open incident without a permit and resumes in the file', () => {
    let held = 0;
    fc.assert(
      fc.property(anyWorld, population, (world, subjects) => {
        for (const { hold, after, resumes } of standings(world)) {
          if (!hold || (permitInForce(hold, NOW) && resumes === hold.id)) continue;
          if (admitted(hold.held, subjects).length > 0) held++;
          expect(within(admitted(after, subjects), admitted(hold.held, subjects))).toBe(true);
        }
      }),
      runs,
    );
    expect(held).toBeGreaterThan(100);
  });

  test('no permit admits anybody beyond its ceiling', () => {
    let used = 0;
    fc.assert(
      fc.property(anyWorld, population, (world, subjects) => {
        for (const { hold, after } of standings(world)) {
          const permit = hold && permitInForce(hold, NOW);
          if (!hold || !permit || atMost(after, hold.held)) continue;
          used++;
          expect(within(admitted(after, subjects), admitted(permit.ceiling, subjects))).toBe(true);
        }
      }),
      runs,
    );
    expect(used).toBeGreaterThan(20);
  });

  test('a settled incident whose commit is missing or reverted admits nobody beyond what it holds', () => {
    let seen = 0;
    fc.assert(
      fc.property(anyWorld, population, (world, subjects) => {
        for (const { settled, wanted, after } of standings(world)) {
          if (!settled || settled.settlement === 'contained' || !wanted) continue;
          if (permitInForce(settled, NOW)) continue;
          seen++;
          expect(within(admitted(after, subjects), admitted(settled.held, subjects))).toBe(true);
        }
      }),
      runs,
    );
    expect(seen).toBeGreaterThan(100);
  });

  test('after a plan nobody is in whom neither the file nor the allowed live state admits', () => {
    fc.assert(
      fc.property(anyWorld, population, (world, subjects) => {
        for (const { actual, settled, wanted, live, after } of standings(world)) {
          // A row without a baseline stays what it is, or goes back to what an incident held.
          const without = live ? [live] : [actual.columns, settled?.held ?? actual.columns];
          const sources: Exposure[] = wanted ? [wanted, ...without] : without;
          const allowed = sources.flatMap((said) => admitted(said, subjects));
          expect(within(admitted(after, subjects), allowed)).toBe(true);
        }
      }),
      runs,
    );
  });

  test('a manual removal is never undone, whatever the file asks for', () => {
    let seen = 0;
    fc.assert(
      fc.property(anyWorld, population, (world, subjects) => {
        for (const { actual, live, hold, after } of standings(world)) {
          if (!live || !strictlyLess(actual.columns, live)) continue;
          if (hold && permitInForce(hold, NOW)) continue;
          seen++;
          expect(within(admitted(after, subjects), admitted(actual.columns, subjects))).toBe(true);
        }
      }),
      runs,
    );
    expect(seen).toBeGreaterThan(100);
  });

  test('a plan that was applied leaves nothing to write for the next plan', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const adopted = changesOf(world).filter(({ action }) => action === 'adopt_drift');
        const twice = adopted.map(({ feature }) => feature).filter((one) => !world.file.features.has(one));
        const left = changesOf(afterwards(world)).filter(({ feature, action, write }) => {
          // Gone from the file and switched off by hand: held first, and as it is off now, archived next.
          if (action === 'archive' && twice.includes(feature)) return false;
          // A new name of a feature that was rolled back waits until that one is resumed, which it was just now.
          return write !== null && action !== 'create';
        });
        expect(retell(left)).toBe('nothing to do');
      }),
      runs,
    );
  });

  test("the file's entry of one feature never changes the plan of another", () => {
    fc.assert(
      fc.property(anyParts, anyParts, fc.nat(FEATURES.length - 1), (parts, others, place) => {
        const edited = parts.map((part, at) =>
          at === place ? { ...part, wanted: others[at]?.wanted ?? null } : part,
        );
        const [one, other] = [changesOf(worldOf(edited)), changesOf(worldOf(parts))];
        // An incident that the plan opens holds a new feature with its salt: that is meant.
        const bound = [...one, ...other].flatMap(({ feature, reason }) =>
          reason.code === 'salt_held' ? [feature] : [],
        );
        const rest = (changes: typeof one) =>
          changes.filter(({ feature }) => feature !== FEATURES[place] && !bound.includes(feature));
        expect(rest(one)).toEqual(rest(other));
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  test('the order of file entries, rows and incidents does not matter to a plan', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { file } = world;
        const reversed: World = {
          file: {
            ...file,
            features: new Map([...file.features].reverse()),
            broken: new Map([...file.broken].reverse()),
          },
          rows: new Map([...world.rows].reverse()),
          incidents: [...world.incidents].reverse(),
        };
        expect(changesOf(reversed)).toEqual(changesOf(world));
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  test('planning changes nothing in its input', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const before = structuredClone(world);
        changesOf(world);
        expect(world).toEqual(before);
      }),
      { numRuns: 300, seed: 4 },
    );
  });
});
