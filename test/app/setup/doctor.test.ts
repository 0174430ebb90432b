import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/app/setup/doctor/examine.ts';
import { receiversOf } from '../../../src/compose/environment/receivers.ts';
import type { Route } from '../../../src/domain/notify/route.ts';

it('the doctor counts the warnings of a file', () => {
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
      file: { ok: true, value: { path: 'rollout.yaml', problems, environment: null, routes: [] } },
      database: { ok: false, why: 'it is away', next: null },
      ...unasked,
    })[0];
  const valid = { code: 'file_valid', path: 'rollout.yaml' };
  expect(found([])).toMatchObject({ ...valid, state: 'ok', warnings: 0 });
  expect(found([problem, problem])).toMatchObject({ ...valid, state: 'warning', warnings: 2 });
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
      file: { ok: true, value: { path: 'rollout.yaml', problems: [], environment: 'staging', routes: [] } },
      database: { ok: false, why: 'it is away', next: null },
      ...{ embedded: false, migrations: null, rights: null, buckets: null, state: null },
      github: {
        ok: true,
        value: { ...repository, environments, workflows: [{ name: '', path, state: 'active' }] },
      },
    }).find(({ what }) => what === 'environments');

  it("the doctor asks for GitHub's environments when there is a workflow operate", () => {
    expect(found(['rollout', 'rollout-operate'])).toMatchObject({ state: 'ok' });
    expect(found(['rollout'])).toMatchObject({
      state: 'warning',
      ...{ code: 'environments_missing', missing: ['rollout-operate'] },
    });
    expect(found([])).toMatchObject({ missing: ['rollout', 'rollout-operate'] });
    expect(found(null)).toMatchObject({ state: 'unknown' });
    expect(found([], '.github/workflows/health.yml')).toBeUndefined();
  });

  it('the doctor asks for the environments that a workflow was written for', () => {
    const path = '.github/workflows/rollout-staging-operate.yml';
    expect(found(['rollout-staging', 'rollout-staging-operate'], path)).toMatchObject({ state: 'ok' });
    expect(found(['rollout', 'rollout-operate'], path)).toMatchObject({ state: 'warning' });
  });
});

describe('the routes of notifications', () => {
  const route = (name: string) => ({
    ...{ to: 'slack', url_from: `ROLLOUT_NOTIFY_${name}`, token_from: null, template: null },
    ...{ severity: 'warning', owners: null, features: null },
  });
  const found = (names: string[], environment: Record<string, string>) => {
    const receivers = receiversOf(environment);
    const routes = names.map((name) => {
      const one = route(name) as Route;
      return { route: one, receiver: receivers.of(one) };
    });
    return examine({
      file: { ok: true, value: { path: 'rollout.yaml', problems: [], environment: 'staging', routes } },
      database: { ok: false, why: 'it is away', next: null },
      ...{ embedded: false, migrations: null, rights: null, buckets: null, state: null, github: null },
    }).filter(({ what }) => what === 'notify');
  };

  it('the doctor names each unset or invalid variable of a notification route once', () => {
    expect(found(['A', 'B', 'A'], { ROLLOUT_NOTIFY_B: 'T0SECRET' })).toEqual([
      {
        what: 'notify',
        state: 'warning',
        code: 'receiver_missing',
        variable: 'ROLLOUT_NOTIFY_A',
        problem: 'unset',
      },
      {
        what: 'notify',
        state: 'warning',
        code: 'receiver_missing',
        variable: 'ROLLOUT_NOTIFY_B',
        problem: 'not_url',
      },
    ]);
    expect(found(['A'], { ROLLOUT_NOTIFY_A: 'https://chat.example' })).toMatchObject([
      { state: 'ok', code: 'receivers_set', variables: ['ROLLOUT_NOTIFY_A'] },
    ]);
    expect(found([], {})).toEqual([]);
  });

  it('the doctor names routes by their variables, and both of a receiver that has two', () => {
    const one = { ...route('A'), token_from: 'ROLLOUT_NOTIFY_A_TOKEN' } as Route;
    const environment = { ROLLOUT_NOTIFY_A: 'https://chat.example', ROLLOUT_NOTIFY_A_TOKEN: 'T0SECRET' };
    const routes = [{ route: one, receiver: receiversOf(environment).of(one) }];
    const findings = examine({
      file: { ok: true, value: { path: 'rollout.yaml', problems: [], environment: 'staging', routes } },
      database: { ok: false, why: 'it is away', next: null },
      ...{ embedded: false, migrations: null, rights: null, buckets: null, state: null, github: null },
    });
    expect(findings).toContainEqual({
      ...{ what: 'notify', state: 'ok', code: 'receivers_set' },
      variables: ['ROLLOUT_NOTIFY_A', 'ROLLOUT_NOTIFY_A_TOKEN'],
    });
  });
});

describe('the migrations of a database', () => {
  const found = (foreign: string[], pending: string[] = []) => {
    const server = { version: '18', user: 'app', standby: false, roles: [], member_of: [] };
    return examine({
      file: { ok: false, why: 'there is none', next: null },
      database: { ok: true, value: { ...server, owner: true, may_write: true } },
      ...{ embedded: false, rights: null, buckets: null, state: null, github: null },
      migrations: { ok: true, value: { applied: ['0001', ...foreign], pending, foreign } },
    }).find(({ what }) => what === 'migrations');
  };

  it('the doctor warns about migrations of a newer version', () => {
    expect(found([])).toMatchObject({ state: 'ok', code: 'migrations_applied', applied: 1 });
    expect(found(['0099'])).toMatchObject({ state: 'warning', code: 'migrations_newer', newer: ['0099'] });
    expect(found(['0099'], ['0002'])).toMatchObject({ state: 'failed', code: 'migrations_pending' });
  });
});
