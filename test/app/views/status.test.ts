import { describe, expect, it } from 'vitest';
import { requireFeature } from '../../../src/app/registry/known-feature.ts';
import { stats, status } from '../../../src/app/views/status.ts';
import { addRepositories, fileOf, project } from '../../helpers/projects/project.ts';

describe('status', () => {
  it('status has a line for every feature that is not archived, with the number of admitted subjects', async () => {
    const one = await project();
    await addRepositories(one.db, 20);
    await one.db.pool.query(`insert into rollout_customers (customer_id) values ('c1'), ('c2')`);
    await one.apply(
      fileOf({
        all: { percentage: 100, blacklist: ['r1'] },
        customers: { subject: 'customer', percentage: 100 },
        gone: { active: false },
        none: { whitelist: ['r1', 'acme/r2', 'nobody'] },
        sizes: { strategy: 'repository_size', percentage: 25 },
      }),
    );
    await one.apply(
      fileOf({
        all: { percentage: 100, blacklist: ['r1'] },
        customers: { subject: 'customer', percentage: 100 },
        none: { whitelist: ['r1', 'acme/r2', 'nobody'] },
        sizes: { strategy: 'repository_size', percentage: 25 },
      }),
    );
    const { store } = one.controller;
    expect((await status(store)).archived).toEqual(['gone']);
    const lines = async () =>
      (await status(store)).features.map(({ feature, eligible, total, held }) => [
        feature,
        eligible,
        total,
        held,
      ]);
    expect(await lines()).toEqual([
      ['all', 19, 20, false],
      ['customers', 2, 2, false],
      ['none', 2, 20, false],
      ['sizes', 8, 20, false],
    ]);
    await store.incidents.stop(null, 'all hands', 'ada');
    expect(await lines()).toEqual([
      ['all', 0, 20, true],
      ['customers', 0, 2, true],
      ['none', 0, 20, true],
      ['sizes', 0, 20, true],
    ]);
    expect((await status(store)).global_stop).toMatchObject({ reason: 'all hands', by: 'ada' });
  });

  it('stats counts by category, and finds an archived feature by its name', async () => {
    const one = await project();
    await addRepositories(one.db, 10);
    await one.apply(
      fileOf({ gone: { active: false }, sizes: { strategy: 'repository_size', percentage: 25 } }),
    );
    await one.apply(fileOf({ sizes: { strategy: 'repository_size', percentage: 25 } }));
    const { store } = one.controller;
    const { features } = await stats(store, 'sizes');
    expect(features).toMatchObject([{ feature: 'sizes', eligible: 4, total: 10, epoch: 1 }]);
    const admitted = features[0]?.categories
      .filter(({ eligible }) => eligible > 0)
      .map(({ category }) => category);
    expect(admitted?.sort()).toEqual(['small', 'test']);
    expect((await stats(store)).features.map(({ feature }) => feature)).toEqual(['sizes']);
    expect((await stats(store, 'gone')).features).toMatchObject([
      { feature: 'gone', active: false, eligible: 0 },
    ]);
  });
});

describe('a feature that nobody knows', () => {
  it('an unknown feature is an error that lists known features, at most a screenful', async () => {
    const one = await project();
    const { store } = one.controller;
    const ask = (feature: string) => store.reading((read) => requireFeature(read, feature));
    await expect(ask('one')).rejects.toMatchObject({
      code: 'unknown_feature',
      hint: 'there are none yet; run: rollout plan',
    });
    await one.apply(fileOf(Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`f${n}`, {}]))));
    await expect(ask('f\u001b[31m')).rejects.toMatchObject({
      message: 'there is no feature "f\\u{1b}[31m"',
      hint: expect.stringMatching(/^there are f0, f1, .* and 5 more$/),
    });
    await expect(stats(store, 'F0')).rejects.toMatchObject({ code: 'unknown_feature' });
    await expect(ask('f0')).resolves.toBeUndefined();
  });
});
