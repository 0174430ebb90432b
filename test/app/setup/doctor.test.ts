import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/app/setup/doctor/examine.ts';

it('the doctor counts the warnings of a file as people do', () => {
  const problem = {
    path: 'test_repositories',
    line: 6,
    column: 20,
    message: 'names 0',
    severity: 'warning',
  } as const;
  const unasked = {
    embedded: false,
    migrations: null,
    rights: null,
    buckets: null,
    state: null,
    github: null,
  };
  const found = (problems: (typeof problem)[]) =>
    examine({
      file: { ok: true, value: { path: 'rollout.yaml', problems, environment: null } },
      database: { ok: false, why: 'it is away', next: null },
      ...unasked,
    })[0]?.found;
  expect(found([problem])).toBe('rollout.yaml is valid, with 1 warning');
  expect(found([problem, problem])).toBe('rollout.yaml is valid, with 2 warnings');
});

describe('the environments of GitHub that the workflows name', () => {
  const repository = {
    default_branch: 'main',
    private: true,
    may_write: true,
    protection: 'none',
    actions_may_create_pull_requests: true,
  } as const;
  const found = (environments: string[] | null, path = '.github/workflows/rollout-operate.yml') =>
    examine({
      file: { ok: true, value: { path: 'rollout.yaml', problems: [], environment: 'staging' } },
      database: { ok: false, why: 'it is away', next: null },
      ...{ embedded: false, migrations: null, rights: null, buckets: null, state: null },
      github: {
        ok: true,
        value: { ...repository, environments, workflows: [{ name: '', path, state: 'active' }] },
      },
    }).find(({ what }) => what === 'environments');

  it('are asked for where the workflow operate is there', () => {
    expect(found(['rollout', 'rollout-operate'])).toMatchObject({ state: 'ok' });
    expect(found(['rollout'])).toMatchObject({
      state: 'warning',
      found:
        'rollout-operate does not exist: GitHub makes one without secrets or reviewers when a workflow first uses it',
    });
    expect(found([])?.found).toMatch(/^rollout and rollout-operate do not exist/);
    expect(found(null)).toMatchObject({ state: 'unknown' });
    expect(found([], '.github/workflows/health.yml')).toBeUndefined();
  });

  it('are those of the environment that the workflow was written for', () => {
    const path = '.github/workflows/rollout-staging-operate.yml';
    expect(found(['rollout-staging', 'rollout-staging-operate'], path)).toMatchObject({ state: 'ok' });
    expect(found(['rollout', 'rollout-operate'], path)).toMatchObject({ state: 'warning' });
  });
});
