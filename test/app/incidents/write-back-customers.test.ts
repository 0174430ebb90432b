import { describe, expect, it } from 'vitest';
import { writeBackPending } from '../../../src/app/incidents/write-back.ts';
import { fileOf, gitProject } from '../../helpers/project.ts';

/** Customers at 40%, of whom SQL left less. */
async function customersReducedBy(assignment: string) {
  const project = await gitProject();
  const { commit, reconcile, controller, db, repository } = project;
  await commit(fileOf({ pilot: { subject: 'customer', percentage: 40, whitelist: ['c1'] } }));
  await reconcile();
  await db.rows(`update rollout_configuration set ${assignment} where feature_name = 'pilot'`);
  const adopted = (await reconcile()).changes.map(({ action }) => action);
  const [written] = await writeBackPending(controller);
  const text = await repository.git('show', 'HEAD:rollout.yaml');
  return { adopted, written, text, settled: (await reconcile()).changes.map(({ action }) => action) };
}

describe('a hold by sizes, which customers do not have', () => {
  it('is written back as 0%, with the whitelist kept', async () => {
    const { adopted, written, text, settled } = await customersReducedBy(`categories = '{test}'`);
    expect(adopted).toEqual(['adopt_drift']);
    expect(written).toMatchObject({ feature: 'pilot', state: 'done' });
    expect(text).toContain('{"subject":"customer","percentage":0,"whitelist":["c1"]}');
    expect(settled).toEqual(['settle']);
  });

  it('is written back as the lower percentage where SQL lowered only that', async () => {
    const { text, settled } = await customersReducedBy('rollout_percentage = 10');
    expect(text).toContain('{"subject":"customer","percentage":10,"whitelist":["c1"]}');
    expect(settled).toEqual(['settle']);
  });
});
