import { describe, expect, it } from 'vitest';
import { writeBackPending } from '../../../src/app/incidents/write-back.ts';
import { fileOf, gitProject } from '../../helpers/projects/project.ts';

/** A feature of which SQL took something away, and whose entry in the file is `later` by then. */
async function reducedBy(assignment: string, entry: object, later: object = entry) {
  const { commit, reconcile, controller, db, repository } = await gitProject();
  await commit(fileOf({ pilot: entry }));
  await reconcile();
  await db.rows(`update rollout_configuration set ${assignment} where feature_name = 'pilot'`);
  const adopted = (await reconcile()).changes.map(({ action }) => action);
  if (later !== entry) await commit(fileOf({ pilot: later }));
  const [written] = await writeBackPending(controller);
  const text = await repository.git('show', 'HEAD:rollout.yaml');
  return { adopted, written, text, after: (await reconcile()).changes.map(({ action }) => action) };
}

describe('a write-back of a feature that attributes or owners narrow', () => {
  it('a write-back keeps a listed owner that is written in capitals', async () => {
    const entry = { percentage: 40, whitelist: ['Acme/*'], blacklist: ['Evil/*'] };
    const { adopted, written, text, after } = await reducedBy('rollout_percentage = 10', entry);
    expect(adopted).toEqual(['adopt_drift']);
    expect(written).toMatchObject({ state: 'done' });
    expect(text).toContain('{"percentage":10,"whitelist":["Acme/*"],"blacklist":["Evil/*"]}');
    expect(after).toEqual(['settle']);
  });

  it('a write-back removes exactly the owner that was removed by SQL', async () => {
    const entry = { percentage: 0, whitelist: ['Acme/*', 'Other/*'] };
    const sql = `audience = jsonb_set(audience, '{whitelist}', '["acme/*"]')`;
    const { text, after } = await reducedBy(sql, entry);
    expect(text).toMatch(/"whitelist":\s*\["Acme\/\*"\]/);
    expect(after).toEqual(['settle']);
  });

  it.each([
    { where: { region: ['eu'] } },
    { not: { plan: ['free'] } },
    { where: { region: ['eu'] }, not: { plan: ['free'] } },
  ])('a write-back keeps a filter that a person added meanwhile: %j', async (filter) => {
    const later = { percentage: 40, ...filter };
    const { written, text, after } = await reducedBy('rollout_percentage = 10', { percentage: 40 }, later);
    expect(written).toMatchObject({ state: 'done' });
    expect(text).toContain(JSON.stringify({ ...later, percentage: 10 }));
    expect(after).toEqual(['settle']);
  });

  it('a write-back writes the filter that was narrowed by SQL', async () => {
    const entry = { percentage: 40, where: { region: ['eu', 'us'] } };
    const sql = `audience = jsonb_set(audience, '{where}', '{"region": ["eu"]}')`;
    const { adopted, text, after } = await reducedBy(sql, entry);
    expect(adopted).toEqual(['adopt_drift']);
    expect(text).toMatch(/"where":\s*\{\s*"?region"?:\s*\["?eu"?\]\s*\}/);
    expect(after).toEqual(['settle']);
  });

  it('a write-back quotes texts that YAML would read as something else', async () => {
    const entry = { percentage: 40, where: { 'a: b#': ['yes', '1.0', 'null', 'x'] } };
    const sql = `audience = jsonb_set(audience, '{where}', '{"a: b#": ["1.0", "yes"]}')`;
    const { written, after } = await reducedBy(sql, entry);
    expect(written).toMatchObject({ state: 'done' });
    expect(after).toEqual(['settle']);
  });
});
