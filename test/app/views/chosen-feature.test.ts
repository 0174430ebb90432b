import { describe, expect, it } from 'vitest';
import { chosenFeature } from '../../../src/app/views/chosen-feature.ts';
import { fileOf, project } from '../../helpers/projects/project.ts';

describe('the feature of a session that names none', () => {
  it('a session without a feature uses the only one that is not archived, or reports that all are archived', async () => {
    const one = await project();
    const { store } = one.controller;
    const chosen = () => chosenFeature(store, undefined);
    await expect(chosen()).rejects.toMatchObject({
      message: 'there are no features yet',
      hint: 'begin with: rollout plan',
    });
    await one.apply(fileOf({ old: { active: false }, kept: { active: false } }));
    await expect(chosen()).rejects.toMatchObject({
      message: 'there are 2 features, so name the one that you mean',
      hint: '--feature with one of kept, old',
    });
    await one.apply(fileOf({ kept: { active: false } }));
    expect(await chosen()).toBe('kept');
    await one.apply(fileOf({}));
    await expect(chosen()).rejects.toMatchObject({
      message: 'no feature is left: 2 are archived',
      hint: 'to look at an archived one: --feature with one of kept, old',
    });
    expect(await chosenFeature(store, 'old')).toBe('old');
  });
});
