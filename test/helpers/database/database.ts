import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { atEnd } from '../run/at-end.ts';
import { createDatabase, dropDatabase } from './server.ts';

/** A database of its own for one test file; dropped, with every connection, when the file is done. */
export type TestDatabase = {
  name: string;
  connectionString: string;
  /** At most 10 connections. */
  pool: pg.Pool;
  /** One more connection, a session of its own; closed for you at the end. */
  client(config?: pg.ClientConfig): Promise<pg.Client>;
  /** Runs SQL on the pool and returns its rows. */
  rows<T extends pg.QueryResultRow = pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<T[]>;
};

/** A copy of the migrated template, without rows of any other file. `const db = await testDatabase();` */
export function testDatabase(): Promise<TestDatabase> {
  return openDatabase();
}

/** A database without any migration, for tests of the migrations themselves. */
export function emptyDatabase(): Promise<TestDatabase> {
  return openDatabase('template0');
}

async function openDatabase(template?: string): Promise<TestDatabase> {
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const connectionString = await createDatabase(name, template);
  const pool = new pg.Pool({ connectionString, max: 10 });
  pool.on('error', () => {}); // a test may end the server's side of idle connections
  const clients: pg.Client[] = [];
  atEnd(async () => {
    await Promise.allSettled([pool.end(), ...clients.map((client) => client.end())]);
    await dropDatabase(name);
  });
  return {
    name,
    connectionString,
    pool,
    async client(config = {}) {
      const client = new pg.Client({ connectionString, ...config });
      client.on('error', () => {});
      await client.connect();
      clients.push(client);
      return client;
    },
    async rows<T extends pg.QueryResultRow>(sql: string, values: unknown[] = []) {
      return (await pool.query<T>(sql, values)).rows;
    },
  };
}
