import pg from 'pg';

/** Where the tests of a run find their databases, or the reason why there are none. */
export type TestServer = { url: string; template: string } | { problem: string };

declare module 'vitest' {
  interface ProvidedContext {
    server: TestServer;
    /** For temporary files; removed with everything in it, however the run ends. */
    folder: string;
    /** The sources as JavaScript. */
    compiled: string;
  }
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
