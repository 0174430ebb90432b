import { beforeAll, describe, expect, it } from 'vitest';
import type { CliResult } from '../helpers/processes/cli.ts';
import { addRepositories, fileOf, type GitProject, gitProject } from '../helpers/projects/project.ts';

let one: GitProject;
let revision: string;

const at = (percentage: number) =>
  fileOf(
    { new_checkout: { percentage }, other: { percentage: 0 } },
    { environment: 'test', test_repositories: [] },
  );
const standing = {
  percentage: expect.any(Number),
  active: expect.any(Boolean),
  emergency_stop: expect.any(Boolean),
};

beforeAll(async () => {
  one = await gitProject();
  await addRepositories(one.db, 500);
  revision = await one.commit(at(10));
});

/** Standard output is the answer and nothing else; standard error has nothing to say. */
async function json(args: string[], code = 0) {
  const result: CliResult = await one.cli([...args, '--json']);
  expect(result).toMatchObject({ code, stderr: '' });
  return JSON.parse(result.stdout);
}

describe('the answer as JSON', () => {
  it('plan and reconcile as JSON list the changes with from, to, and who moves', async () => {
    const change = {
      ...{
        feature: 'new_checkout',
        action: 'create',
        from: { percentage: 0, active: false, emergency_stop: false },
      },
      ...{
        to: { percentage: 10, active: true, emergency_stop: false },
        entering: expect.any(Number),
        leaving: 0,
      },
      ...{ held: false, reason: 'new in the file: 10%' },
    };
    const planned = await json(['plan'], 2);
    expect(planned).toMatchObject({ changes: [change, { feature: 'other' }], revision });
    // The registry has repositories of category test, so nothing warns that the file names none.
    expect(planned.problems).toEqual([]);
    const done = await json(['reconcile']);
    expect(done).toMatchObject({
      changes: [change, { feature: 'other' }],
      problems: planned.problems,
      revision,
    });
    expect(done.changes[0].entering).toBeGreaterThan(20);
    expect(await json(['reconcile', '--revision', revision])).toMatchObject({ changes: [], revision });
    expect(await json(['plan'])).toMatchObject({ changes: [] });
  });

  it('status as JSON has every feature and the heartbeat', async () => {
    const { features, heartbeat } = await json(['status']);
    expect(heartbeat).toBeNull();
    expect(features).toMatchObject([
      {
        ...{
          feature: 'new_checkout',
          strategy: 'percentage',
          percentage: 10,
          active: true,
          emergency_stop: false,
        },
        ...{ held: false, incident: null, revision, total: 500 },
      },
      { feature: 'other', eligible: 0, total: 500 },
    ]);
    const [counted] = await one.db.rows(
      `select count(*)::int as n from repository_categories where rollout_bucket('new_checkout', repository_id) < 1000`,
    );
    expect(features[0].eligible).toBe(counted?.n);
  });

  it('explain as JSON is one decision with its reason and numbers', async () => {
    expect(await json(['explain', 'new_checkout', 'acme/r1'])).toMatchObject({
      ...{ feature: 'new_checkout', subject: 'r1', eligible: expect.any(Boolean), reason: 'percentage' },
      ...{ bucket: expect.any(Number), percentage: 10, category: 'small', revision, incident: null },
    });
    expect(await json(['explain', 'nobody', 'acme/r1'], 1)).toMatchObject({
      error: { code: 'unknown_feature', message: 'there is no feature "nobody"' },
    });
  });

  it('stop as JSON lists what was stopped and already off, and plan and status as JSON show the holds', async () => {
    expect(await json(['stop', 'new_checkout', '--reason', 'payments fail'])).toEqual({
      stopped: ['new_checkout'],
      already_off: [],
    });
    expect(await json(['stop', '--all', '--reason', 'all hands'])).toEqual({
      stopped: ['other'],
      already_off: ['new_checkout'],
    });
    const { changes } = await json(['plan'], 3);
    expect(changes).toMatchObject([
      {
        action: 'held',
        held: true,
        incident: '1',
        from: { emergency_stop: true },
        reason: expect.stringContaining('payments fail'),
      },
      { action: 'held', incident: '2' },
    ]);
    for (const { from, to } of changes) expect([from, to]).toEqual([standing, standing]);
    expect(await json(['reconcile'], 3)).toMatchObject({
      changes: [{ action: 'held', held: true }, { action: 'held' }],
    });
    expect((await json(['status'])).features).toMatchObject([
      { held: true, incident: '1', emergency_stop: true, eligible: 0 },
      { held: true, incident: '2' },
    ]);
    expect(await json(['explain', 'new_checkout', 'r1'])).toMatchObject({
      eligible: false,
      reason: 'emergency_stop',
      incident: '1',
    });
    expect(await json(['incidents', 'other'])).toMatchObject({
      incidents: [{ id: '2', state: 'open', reason: 'all hands' }],
    });
  });

  it('history as JSON lists rows, newest first, and history verify reports whether the chain holds', async () => {
    const { entries } = await json(['history', '--limit', '3']);
    expect(entries).toMatchObject([
      { feature: 'other', action: 'emergency_stop', triggered_by: 'tester', reason: 'all hands' },
      { feature: 'new_checkout', action: 'emergency_stop' },
      { feature: 'other', action: 'created', previous_percentage: null, new_percentage: 0 },
    ]);
    const [newest] = entries;
    expect(newest).toMatchObject({
      id: expect.any(Number),
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(entries[2].revision).toBe(revision);
    expect(await json(['history', 'verify'])).toMatchObject({
      valid: true,
      entries: newest.id,
      first_bad: null,
    });
    await one.db.pool.query(
      `alter table rollout_history disable trigger user;
       update rollout_history set reason = 'forged' where id = 2`,
    );
    expect(await json(['history', 'verify'], 1)).toMatchObject({ valid: false, first_bad: 2 });
  });

  it('validate as JSON lists problems with places; plan and reconcile fail for a bad file', async () => {
    await one.commit(
      `version: 1\nenvironment: test\nfeatures:\n  new_checkout: { percentage: 101 }\n  other: { percentag: 5 }\n`,
    );
    const { valid, problems } = await json(['validate'], 1);
    expect(valid).toBe(false);
    const errors = problems.filter(({ severity }: { severity: string }) => severity === 'error');
    expect(errors).toEqual([
      {
        severity: 'error',
        path: 'features.new_checkout.percentage',
        line: 4,
        column: 31,
        message: expect.stringContaining('101'),
      },
      {
        severity: 'error',
        path: 'features.other.percentag',
        line: 5,
        column: 12,
        message: expect.stringContaining('percentage'),
      },
    ]);
    expect(await json(['reconcile'], 1)).toMatchObject({
      changes: [{ action: 'refused' }, { action: 'refused' }],
      problems,
    });
  });
});
