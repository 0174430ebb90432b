import pg from 'pg';
import { inject } from 'vitest';

/** Where the tests of a run find their databases, or the reason why there are none. */
export type TestServer = { url: string; template: string; copying: Copying } | { problem: string };

/** How a database is made of the template: the server's usual way, or file by file. */
export type Copying = '' | 'strategy file_copy';

declare module 'vitest' {
  interface ProvidedContext {
    server: TestServer;
    /** For temporary files; removed with everything in it, however the run ends. */
    folder: string;
    /** The sources as JavaScript. */
    compiled: string;
  }
}

/** The server of this run. */
export function testServer(): Exclude<TestServer, { problem: string }> {
  const found = inject('server');
  if ('problem' in found) throw new Error(found.problem);
  return found;
}

/** Makes a database with all that a template has; returns its address. */
export async function createDatabase(name: string, template = testServer().template): Promise<string> {
  const { url, copying } = testServer();
  await withClient(url, (client) => client.query(`create database ${name} template ${template} ${copying}`));
  return databaseUrl(url, name);
}

/** Drops a database, with every connection. */
export async function dropDatabase(name: string): Promise<void> {
  await withClient(testServer().url, (client) =>
    client.query(`drop database if exists ${name} with (force)`),
  );
}

/** The same server, another database. */
export function databaseUrl(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** Does something in a session of its own. */
export async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
