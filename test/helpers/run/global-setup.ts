import { join } from 'node:path';
import type pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../../src/store/db/migrate.ts';
import { type Embedded, useEmbedded } from '../../../src/store/embedded/embedded.ts';
import { postgresPackage } from '../database/postgres-versions.ts';
import { databaseUrl, withClient } from '../database/server.ts';
import { compileSources } from '../processes/compiled.ts';
import { makeRunFolder } from './run-folder.ts';

/**
 * One folder and one server a run, on it one template database with every migration applied, and the sources compiled.
 *
 * `TEST_POSTGRES` chooses the major version of the server (`npm run test:postgres -- 14` installs and sets it).
 * `TEST_DATABASE_URL` names another server to use; its role must be allowed to create databases.
 * A server or a migration that fails does so in the test files that ask for a database, not in the others.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = makeRunFolder();
  project.provide('folder', folder.path);
  const compiling = compileSources(join(folder.path, 'compiled'));
  // Whoever waits for it hears of it; until then it is nobody's.
  compiling.catch(() => {});
  const template = `rollout_template_${process.pid}`;
  const external = process.env.TEST_DATABASE_URL;
  let embedded: Embedded | undefined;
  try {
    if (!external) {
      embedded = await useEmbedded(join(folder.path, 'server'), {
        ...{ durable: false, maxConnections: 200, installedFor: postgresPackage() },
      });
    }
    const url = external ?? embedded?.connectionString ?? '';
    if (embedded) await withClient(url, endHalfOpened);
    await withClient(url, (client) =>
      client.query(`create database ${template} template template0 encoding 'UTF8' locale 'C'`),
    );
    await withClient(databaseUrl(url, template), migrate);
    project.provide('server', { url, template });
  } catch (error) {
    project.provide('server', { problem: explain(error) });
  }
  project.provide('compiled', await compiling);
  return async () => {
    if (external) {
      await withClient(external, (client) =>
        client.query(`drop database if exists ${template} with (force)`),
      );
    }
    await embedded?.leave();
    folder.remove();
  };
}

/**
 * A client that gives up while it is asked for its password leaves a session behind, for which every
 * `drop database` waits: a minute, if the server is not told otherwise.
 */
async function endHalfOpened(client: pg.Client): Promise<void> {
  await client.query(`alter system set authentication_timeout = '5s'`);
  await client.query('select pg_reload_conf()');
}

function explain(error: unknown): string {
  const { message, hint = '' } = error as Error & { hint?: string };
  return `There is no test database: ${message} ${hint} (TEST_DATABASE_URL names another server to use.)`;
}
