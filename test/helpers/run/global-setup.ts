import { join } from 'node:path';
import type pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../../src/store/db/migrate.ts';
import { type Embedded, useEmbedded } from '../../../src/store/embedded/embedded.ts';
import { postgresPackage } from '../database/postgres-versions.ts';
import { type Copying, databaseUrl, withClient } from '../database/server.ts';
import { compileSources } from '../processes/compiled.ts';
import { patience } from './pace.ts';
import { makeRunFolder, memoryFolder } from './run-folder.ts';

/**
 * One folder and one server a run, on it one template database with every migration applied, and the sources compiled.
 *
 * `TEST_POSTGRES` chooses the major version of the server (`npm run test:postgres -- 14` installs and sets it).
 * `TEST_DATABASE_URL` names another server to use; its role must be allowed to create databases.
 * A server or a migration that fails does so in the test files that ask for a database, not in the others.
 * The project that comes first makes them for all.
 */
export default async function setup({ vitest }: TestProject): Promise<() => Promise<void>> {
  const run = vitest.getRootProject();
  if ('folder' in run.getProvidedContext()) return async () => {};
  const folder = makeRunFolder();
  const databases = makeRunFolder(memoryFolder());
  run.provide('folder', folder.path);
  const compiling = compileSources(join(folder.path, 'compiled'));
  // Whoever waits for it hears of it; until then it is nobody's.
  compiling.catch(() => {});
  const template = `rollout_template_${process.pid}`;
  const external = process.env.TEST_DATABASE_URL;
  let embedded: Embedded | undefined;
  try {
    if (!external) {
      embedded = await useEmbedded(join(databases.path, 'server'), {
        ...{ durable: false, maxConnections: 400, installedFor: postgresPackage() },
      });
    }
    const url = external ?? embedded?.connectionString ?? '';
    let copying: Copying = '';
    if (embedded) {
      await withClient(url, async (client) => {
        copying = await configure(client);
      });
    }
    await withClient(url, (client) =>
      client.query(`create database ${template} template template0 encoding 'UTF8' locale 'C'`),
    );
    await withClient(databaseUrl(url, template), migrate);
    run.provide('server', { url, template, copying });
  } catch (error) {
    run.provide('server', { problem: explain(error) });
  }
  run.provide('compiled', await compiling);
  return async () => {
    if (external) {
      await withClient(external, (client) =>
        client.query(`drop database if exists ${template} with (force)`),
      );
    }
    await embedded?.leave();
    databases.remove();
    folder.remove();
  };
}

/** What a run changes on a server of its own, and how such a server copies the template. */
async function configure(client: pg.Client): Promise<Copying> {
  // A client that gives up while it is asked for its password leaves a session behind, for which every
  // `drop database` waits: a minute, if the server is not told otherwise. On a busy machine others take their time too.
  await client.query(`alter system set authentication_timeout = '${patience(5_000)}ms'`);
  // The log is never replayed: its files stay few.
  await client.query(`alter system set max_wal_size = '128MB'`);
  await client.query('select pg_reload_conf()');
  // Page by page through the log is the usual way since 15, and costs twice as much where nothing waits for a disk.
  const { rows } = await client.query(
    `select current_setting('server_version_num')::integer >= 150000 as chosen`,
  );
  return rows[0].chosen ? 'strategy file_copy' : '';
}

function explain(error: unknown): string {
  const { message, hint = '' } = error as Error & { hint?: string };
  return `There is no test database: ${message} ${hint} (TEST_DATABASE_URL names another server to use.)`;
}
