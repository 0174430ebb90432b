import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding, FindingText } from '../../../src/domain/report/finding.ts';
import { migrate } from '../../../src/store/db/migrate.ts';
import { emptyDatabase, testDatabase } from '../../helpers/database/database.ts';
import { fakeGithub } from '../../helpers/github/index.ts';
import { cli } from '../../helpers/processes/cli.ts';
import { temporaryFolder } from '../../helpers/projects/git.ts';

const TEXT = 'version: 1\nfeatures:\n  one: { percentage: 10 }\n';

async function doctor(env: Record<string, string>, text: string | null = TEXT) {
  const cwd = await temporaryFolder();
  if (text !== null) await writeFile(join(cwd, 'rollout.yaml'), text);
  const { code, stdout } = await cli(['doctor', '--json'], { cwd, env });
  const { well, findings } = JSON.parse(stdout) as { well: boolean; findings: (Finding & FindingText)[] };
  const byWhat = Object.fromEntries(findings.map((one) => [one.what, one]));
  return { code, well, findings, byWhat };
}

describe('rollout doctor', () => {
  it('rollout doctor finds nothing to fix in a sound installation', async () => {
    const db = await testDatabase();
    await db.pool.query('update rollout_state set heartbeat_at = now()');
    await db.pool.query('revoke create on schema public from public'); // PostgreSQL 14 grants it
    const github = await fakeGithub();
    const repo = await github.repository('acme/shop', { files: { 'rollout.yaml': TEXT } });
    repo.allowPullRequests(true);
    repo.workflow({ name: 'rollout health', path: '.github/workflows/rollout-health.yml' });
    const env = {
      DATABASE_URL: db.connectionString,
      ...github.environment('acme/shop', { token: github.person() }),
    };
    const { code, well, byWhat } = await doctor(env);
    expect([code, well]).toEqual([0, true]);
    expect(Object.entries(byWhat).map(([what, { state }]) => `${what} ${state}`)).toEqual([
      ...['file ok', 'database ok', 'migrations ok', 'buckets ok', 'roles ok', 'rights ok', 'tick ok'],
      ...['schedule ok', 'github ok', 'token ok', 'protection ok', 'pull requests ok'],
    ]);
  });

  it('rollout doctor fails while PUBLIC may call our functions, as after a restore, until rollout migrate', async () => {
    const db = await testDatabase();
    await db.rows(`grant execute on all functions in schema public to public`);
    const [found] = [(await doctor({ DATABASE_URL: db.connectionString })).byWhat.rights];
    expect(found).toEqual({
      ...{ state: 'failed', code: 'rights_of_everybody', role: 'PUBLIC', objects: expect.any(Number) },
      found: expect.stringMatching(/^PUBLIC holds rights on \d+ tables and functions of ours$/),
      next: 'rollout migrate',
      what: 'rights',
    });
    await migrate(await db.client());
    expect((await doctor({ DATABASE_URL: db.connectionString })).byWhat.rights).toMatchObject({
      state: 'ok',
    });
  });

  it('rollout doctor lists problems in the order to fix them, each with the next command', async () => {
    const db = await emptyDatabase();
    const github = await fakeGithub();
    const repo = await github.repository('acme/shop', { files: { 'rollout.yaml': TEXT } });
    await repo.protect('ruleset');
    repo.allowPullRequests(false);
    repo.workflow({ name: 'health', path: '.github/workflows/health.yml', state: 'disabled_inactivity' });
    const env = {
      DATABASE_URL: db.connectionString,
      ...github.environment('acme/shop', { token: github.person() }),
    };
    const { code, well, byWhat } = await doctor(env, TEXT.replace('10', '101'));
    expect([code, well]).toEqual([1, false]);
    expect(byWhat).toMatchObject({
      file: {
        state: 'failed',
        found: expect.stringContaining('line 3'),
        next: 'rollout validate --file rollout.yaml',
      },
      migrations: { state: 'failed', next: 'rollout migrate' },
      schedule: {
        state: 'failed',
        found: expect.stringContaining('disabled inactivity'),
        next: 'gh workflow enable health.yml',
      },
      protection: {
        state: 'failed',
        next: expect.stringContaining('allow GitHub Actions to create pull requests'),
      },
      'pull requests': { state: 'warning' },
    });
  });

  it('rollout doctor distinguishes a file that cannot be read from a missing one', async () => {
    const env = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nowhere' };
    const cwd = await temporaryFolder();
    const found = async (...args: string[]) => {
      const { stdout } = await cli(['doctor', '--json', ...args], { cwd, env });
      return (JSON.parse(stdout) as { findings: Finding[] }).findings[0];
    };
    expect(await found()).toMatchObject({
      state: 'failed',
      found: 'there is no file rollout.yaml',
      next: expect.stringContaining('rollout init'),
    });
    expect(await found('--file', '.')).toMatchObject({ state: 'failed', found: '. is a directory' });
  });

  it('rollout doctor reports a missed schedule, a global stop and a role that may only read', async () => {
    const db = await testDatabase();
    await db.pool.query(
      `update rollout_state set heartbeat_at = now() - interval '2 hours', global_stop = true, global_stop_reason = 'fire', environment = 'staging'`,
    );
    const password = 'only-reads';
    const role = `doctor_${process.pid}`;
    await db.pool.query(`create role ${role} login password '${password}' in role rollout_reader`);
    const url = new URL(db.connectionString);
    Object.assign(url, { username: role, password });
    const { code, byWhat } = await doctor({ DATABASE_URL: url.href });
    expect(code).toBe(1);
    expect(byWhat).toMatchObject({
      environment: { state: 'failed', found: 'the file says default, the database is that of staging' },
      roles: {
        state: 'warning',
        found: expect.stringMatching(/may read and not write, a member of rollout_reader/),
      },
      stop: { state: 'warning', found: 'everything is stopped: fire' },
      tick: { state: 'failed', found: expect.stringContaining('nothing is judged or rolled back') },
      github: { state: 'unknown', next: expect.stringContaining('GITHUB_REPOSITORY=OWNER/REPO') },
    });
  });

  it('rollout doctor goes on without a database or a valid token, and prints no secret', async () => {
    const github = await fakeGithub();
    await github.repository('acme/shop', { files: { 'rollout.yaml': TEXT } });
    const env = {
      DATABASE_URL: 'postgresql://me:s3cret@127.0.0.1:9/x',
      ...github.environment('acme/shop', { token: 'ghs_wrong' }),
    };
    const { code, byWhat, findings } = await doctor(env, null);
    expect(code).toBe(1);
    expect(byWhat).toMatchObject({
      file: { state: 'failed', next: expect.stringContaining('rollout init') },
      database: { state: 'failed', found: expect.stringContaining('cannot be reached') },
      github: { state: 'failed', next: expect.stringContaining('GITHUB_TOKEN') },
    });
    expect(JSON.stringify(findings)).not.toMatch(/s3cret|ghs_wrong/);
  });
});
