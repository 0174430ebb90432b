import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readState } from '../../../src/store/configuration/state.ts';
import { migrate, migrationStatus } from '../../../src/store/db/migrate.ts';
import { type Embedded, useEmbedded } from '../../../src/store/embedded/embedded.ts';
import { embeddedFolder } from '../../helpers/database/embedded.ts';
import { postgresPackage } from '../../helpers/database/postgres-versions.ts';

// Roles belong to the whole server, so this one is of its own: nobody has created them here.
let server: Embedded;
let admin: pg.Client;
const clients: pg.Client[] = [];

async function as(user: string): Promise<pg.Client> {
  const url = new URL(server.connectionString);
  url.username = user;
  url.password = 'secret';
  const client = new pg.Client(url.href);
  await client.connect();
  clients.push(client);
  return client;
}

beforeAll(async () => {
  server = await useEmbedded(await embeddedFolder(), { durable: false, installedFor: postgresPackage() });
  admin = new pg.Client(server.connectionString);
  await admin.connect();
  await admin.query(`create role app login password 'secret'; create role visitor login password 'secret';
    grant create, temporary on database rollout to app; alter schema public owner to app;
    revoke create on schema public from public`);
});

afterAll(async () => {
  for (const client of [...clients, admin]) await client.end();
  await server.leave();
});

describe('migrate as a role that may not create tables', () => {
  it('migrate by a role that may not create tables changes nothing and says whom to ask', async () => {
    const visitor = await as('visitor');
    const refused = { code: 'database_refused', hint: expect.stringContaining('owner of the database') };
    await expect(migrate(visitor)).rejects.toMatchObject({
      ...refused,
      message: 'this role may not migrate: permission denied for schema public',
    });
    await visitor.query('set default_transaction_read_only = on');
    await expect(migrate(visitor)).rejects.toMatchObject({
      ...refused,
      message: expect.not.stringContaining('\n'),
    });
    expect((await migrationStatus(admin)).applied).toEqual([]);
  });
});

describe('migrate as a role that may not create roles', () => {
  it('migrate by a role that may not create roles continues and says what an administrator has to do', async () => {
    const lines: string[] = [];
    const app = await as('app');
    await migrate(app, { log: (line) => lines.push(line) });
    expect(lines).toEqual([
      'the roles rollout_reader, rollout_controller and rollout_recorder could not be created: ask an administrator to create them and to run: select rollout_grant_roles()',
    ]);
    expect((await migrationStatus(app)).pending).toEqual([]);
    expect((await app.query(`select rollout_grant_roles() as missing`)).rows).toEqual([
      { missing: ['rollout_reader', 'rollout_controller', 'rollout_recorder'] },
    ]);
  });

  it('the roles work once an administrator has created them and granted their rights', async () => {
    const visitor = await as('visitor');
    await expect(readState(visitor)).rejects.toThrow('permission denied');
    await admin.query(
      `create role rollout_reader; create role rollout_controller; create role rollout_recorder`,
    );
    expect((await admin.query(`select rollout_grant_roles() as missing`)).rows).toEqual([{ missing: [] }]);
    await admin.query(`grant rollout_controller to visitor`);
    await visitor.query(`update rollout_state set environment = 'production'`);
    expect(await readState(visitor)).toMatchObject({ environment: 'production' });
    expect((await admin.query(`select rollout_grant_roles() as missing`)).rows).toEqual([{ missing: [] }]);
  });
});
