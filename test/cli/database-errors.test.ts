import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Controller, openController, openForStop } from '../../src/compose/controller.ts';
import { emptyDatabase, type TestDatabase, testDatabase } from '../helpers/database/database.ts';
import { databaseUrl } from '../helpers/database/server.ts';
import { cli } from '../helpers/processes/cli.ts';
import { temporaryFolder } from '../helpers/projects/git.ts';
import { fileOf, type Project, project } from '../helpers/projects/project.ts';

const PASSWORD = 'sesame-42-open';

let db: TestDatabase;
let folder: string;
let login: string;

beforeAll(async () => {
  db = await testDatabase();
  folder = await temporaryFolder();
  login = `reader_${process.pid}`;
  await db.pool.query(`create role ${login} login password '${PASSWORD}'`);
});

// Registered after the one that drops the databases, so it runs before it.
afterAll(async () => {
  await db.pool.query(`drop role ${login}`);
});

const settings = (url: string) => ({
  file: join(folder, 'rollout.yaml'),
  environment: { DATABASE_URL: url },
  log: () => {},
});

/** In a process of its own: a connection that is refused or cut stays with the one that made it for a while. */
function apart({ dir, db: { connectionString } }: Project, args: string[], env: Record<string, string> = {}) {
  return cli(args, { cwd: dir, env: { DATABASE_URL: connectionString, ...env } });
}

/** The same server, with something changed. */
function url(change: (url: URL) => void): string {
  const changed = new URL(db.connectionString);
  changed.password = PASSWORD;
  change(changed);
  return changed.href;
}

/** Opens, expects to fail, and looks for the password in whatever could be printed. */
async function failure(
  address: string,
  open: (s: ReturnType<typeof settings>) => Promise<Controller> = openController,
) {
  const error: Error & { code?: string; hint?: string } = await open(settings(address)).then(
    () => expect.fail('it was opened'),
    (thrown) => thrown,
  );
  const { name, code, message, hint } = error;
  expect(JSON.stringify([message, hint, error.stack])).not.toContain(PASSWORD);
  expect({ name, hint }).toEqual({ name: 'RolloutError', hint: expect.stringMatching(/\w{4}/) });
  return { code, message, hint };
}

describe('a database that cannot be used', () => {
  it.each([
    [
      'nobody listens',
      (u: URL) => Object.assign(u, { port: '1' }),
      'database_unreachable',
      /cannot be reached: .*ECONNREFUSED/,
    ],
    [
      'no such host',
      (u: URL) => Object.assign(u, { hostname: 'nowhere.invalid' }),
      'database_unreachable',
      /cannot be reached: .*nowhere\.invalid/,
    ],
    ['wrong password', () => {}, 'database_refused', /refused the user or the password/],
    [
      'wrong user',
      (u: URL) => Object.assign(u, { username: 'nobody_of_that_name' }),
      'database_refused',
      /refused the user or the password/,
    ],
    [
      'no password',
      (u: URL) => Object.assign(u, { password: '' }),
      'database_refused',
      /wants a password, and DATABASE_URL has none/,
    ],
    [
      'no such socket',
      (u: URL) => u.searchParams.set('host', '/nowhere'),
      'database_unreachable',
      /ENOENT \/nowhere/,
    ],
    [
      'no such certificate',
      (u: URL) => u.searchParams.set('sslrootcert', '/nowhere'),
      'database_unreachable',
      /ENOENT.*\/nowhere/,
    ],
    [
      'no encryption there',
      (u: URL) => u.searchParams.set('sslmode', 'verify-full'),
      'database_unreachable',
      /does not support SSL/,
    ],
  ])(
    'an unusable database is reported with what was found and what to check next: %s',
    async (_, change, code, message) => {
      expect(await failure(url(change))).toMatchObject({ code, message: expect.stringMatching(message) });
    },
  );

  it.each([
    PASSWORD,
    `mysql://user:${PASSWORD}@host/db`,
    `host=localhost password=${PASSWORD}`,
    `postgres://user:${PASSWORD}@host:99999/db`,
    `postgres://user:a@b/${PASSWORD}@host/db`,
    `postgres://user:12#${PASSWORD}@host/db`,
    `postgres://user:12?${PASSWORD}@host/db`,
  ])('a malformed DATABASE_URL is refused without printing any of it: %s', async (address) => {
    const { code, message, hint } = await failure(address);
    expect({ code, message }).toEqual({ code: 'usage', message: 'DATABASE_URL is not a PostgreSQL URL' });
    expect(hint).toContain('postgresql://USER:PASSWORD@HOST:5432/DATABASE');
  });

  it('a database that is missing, without tables or of an older version is reported', async () => {
    const { username, password } = new URL(db.connectionString);
    const own = (address: string) => Object.assign(new URL(address), { username, password }).href;
    expect(await failure(own(databaseUrl(db.connectionString, 'not_there')))).toMatchObject({
      code: 'database_unreachable',
      message: expect.stringContaining('"not_there" does not exist'),
    });
    const empty = await emptyDatabase();
    expect(await failure(empty.connectionString)).toMatchObject({
      code: 'database_not_migrated',
      message: expect.stringMatching(/^the database lacks \d+ migrations of this version \(0001_/),
      hint: 'run: rollout migrate',
    });
    const old = await testDatabase();
    await old.pool.query(
      `delete from rollout_migrations where id = (select max(id) from rollout_migrations)`,
    );
    expect(await failure(old.connectionString)).toMatchObject({
      code: 'database_not_migrated',
      message: expect.stringContaining('lacks 1 migration '),
    });
    const broken = await testDatabase();
    await broken.pool.query('drop function rollout_bucket(text, text) cascade');
    expect(await failure(broken.connectionString)).toMatchObject({ code: 'database_not_migrated' });
  });

  it('a server that computes other buckets is refused before any subject moves', async () => {
    const other = await testDatabase();
    await other.pool.query(
      `create or replace function rollout_bucket(salt text, subject_id text) returns integer language sql immutable as 'select 7'`,
    );
    expect(await failure(other.connectionString)).toMatchObject({
      code: 'database_incompatible',
      message: expect.stringMatching(/^the bucket of .* is \d+, but this build says \d+ and the server 7$/),
    });
  });

  it('a server that is not PostgreSQL, or hangs up, is reported', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    expect(await failure(`postgresql://user:${PASSWORD}@127.0.0.1:${port}/db`)).toMatchObject({
      code: 'database_unreachable',
    });
    server.close();
  });

  it('a stop is tried even on an unusable database, and only the stop itself fails', async () => {
    const empty = await emptyDatabase();
    const { store, close } = await openForStop(settings(empty.connectionString));
    await expect(store.incidents.stop('one', 'payments fail', 'ada')).rejects.toMatchObject({
      code: 'database_not_migrated',
      hint: 'run: rollout migrate',
    });
    await close();
  });
});

describe('a role that may only read', () => {
  let one: Project;

  beforeAll(async () => {
    one = await project();
    await one.apply(fileOf({ new_checkout: { percentage: 10 } }));
    await one.db.pool.query(`grant rollout_reader to ${login}`);
  });

  it('a read-only role can plan, explain and show, and a refused write names the missing permission', async () => {
    const address = Object.assign(new URL(one.db.connectionString), {
      username: login,
      password: PASSWORD,
    }).href;
    const env = { DATABASE_URL: address };
    await one.write(fileOf({ new_checkout: { percentage: 25 } }));
    expect(await apart(one, ['plan'], env)).toMatchObject({ code: 2, stderr: '' });
    expect(await apart(one, ['status'], env)).toMatchObject({ code: 0, stderr: '' });
    expect(await apart(one, ['explain', 'new_checkout', 'r1'], env)).toMatchObject({ code: 0, stderr: '' });
    expect(await apart(one, ['history', 'verify'], env)).toMatchObject({ code: 0, stderr: '' });
    for (const args of [['reconcile'], ['stop', 'new_checkout', '--reason', 'x'], ['categorize']]) {
      const { code, stdout, stderr } = await apart(one, args, env);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(
        /^error: this role may not do that: permission denied for .*\n {2}next: use the DATABASE_URL of a role that is a member of rollout_controller\n$/,
      );
    }
    expect(await one.history()).toHaveLength(1);
  });
});

describe('errors of the database on the command line', () => {
  it('database errors are two lines without a stack, or JSON with code and hint, and never the password', async () => {
    const one = await project();
    const env = { DATABASE_URL: url(() => {}) };
    const text = await apart(one, ['status'], env);
    expect(text).toEqual({
      ...{ code: 1, signal: null, stdout: '' },
      stderr: 'error: the database refused the user or the password\n  next: check DATABASE_URL\n',
    });
    const json = await apart(one, ['reconcile', '--json'], env);
    expect({ ...json, stdout: JSON.parse(json.stdout) }).toEqual({
      ...{ code: 1, signal: null, stderr: '' },
      stdout: {
        error: {
          code: 'database_refused',
          message: 'the database refused the user or the password',
          hint: 'check DATABASE_URL',
        },
      },
    });
    const migrate = await apart(one, ['migrate'], env);
    expect(migrate).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.stringify([text, json, migrate])).not.toContain(PASSWORD);
  });

  it('an error of a server lost halfway names what stays and what to do', async () => {
    const one = await project();
    await one.write(fileOf({ one: { percentage: 10 }, two: { percentage: 10 } }));
    await one.db.pool.query(
      `create function sever() returns trigger language plpgsql as $$
       begin
         if new.revision is not distinct from old.revision and new.reconciled_at is distinct from old.reconciled_at
           then perform pg_terminate_backend(pg_backend_pid()); end if;
         return new;
       end $$;
       create trigger sever before update on rollout_state for each row execute function sever()`,
    );
    const { code, stdout, stderr } = await apart(one, ['reconcile']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: the database .*\n {2}next: .*what was committed stays.*\n$/);
    expect(await one.history()).toHaveLength(2);
    await one.db.pool.query('drop trigger sever on rollout_state');
    expect(await apart(one, ['reconcile'])).toMatchObject({ code: 0, stderr: '' });
    expect(await one.verify()).toMatchObject({ valid: true, entries: 2 });
  });
});
