import { readPageAssets } from '../../../src/compose/environment/page-assets.ts';
import { receiversOf } from '../../../src/compose/environment/receivers.ts';
import { words } from '../../../src/report/kept.ts';
import type { Rollout } from '../../../src/runtime/host/rollout.ts';
import { openRelayed } from '../../../src/runtime/relayed.ts';
import { createApp } from '../../../src/server/app.ts';
import type { ServerDependencies, ServerOptions } from '../../../src/server/http/dependencies.ts';
import { type Listening, listen } from '../../../src/server/listen.ts';
import { openPool, provedBy } from '../../../src/store/db/client.ts';
import { createStore, type Store } from '../../../src/store/store.ts';
import { atEnd } from '../run/at-end.ts';

export const ADMIN = `${'a'.repeat(20)}0123456789abcdef`;
export const READ = `${'r'.repeat(20)}0123456789abcdef`;

/** A server on loopback, on a port of its own. */
export type Served = Listening & {
  rollout: Rollout;
  /** The same server without a socket between. */
  direct: typeof fetch;
  /** What it logged. */
  lines: string[];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** A body that is no text goes as JSON. */
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** With the admin token. */
  admin(path: string, body: object): Promise<Response>;
};

type World = Pick<ServerDependencies, 'store' | 'repository'> & {
  /** The server's own clock; left out: this machine's. */
  now?: ServerDependencies['now'];
  connectionString: string;
  receivers?: ServerDependencies['receivers'];
  tracker?: ServerDependencies['tracker'];
  /** As `store` where it is left out. */
  urgent?: ServerDependencies['urgent'];
  /** Variables that lie over decisions. */
  env?: Record<string, string>;
};

/** A database that nobody answers for. */
export const NOWHERE = 'postgresql://nobody@127.0.0.1:1/nowhere';

/** The store of a database, by connections of its own. */
export function storeAt(connectionString: string): Store {
  const pool = openPool(connectionString);
  atEnd(() => pool.end());
  return createStore(pool);
}

/** A body of JSON, of the shape that the test is about to check. */
export async function jsonOf<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}

/** Serves what a controller knows, as `rollout serve` does; without tokens and limits unless they are given. */
export async function served(world: World, options: Partial<ServerOptions> = {}): Promise<Served> {
  const { connectionString, env = {} } = world;
  const { rollout, source, sink } = await openRelayed({ connectionString, env, log: () => {} });
  const lines: string[] = [];
  const pool = openPool(connectionString);
  atEnd(() => pool.end());
  const app = createApp(
    {
      ...{
        store: world.store,
        urgent: world.urgent ?? world.store,
        urgentFor: (subject: string) => createStore(provedBy(pool, subject)),
        repository: world.repository,
        tracker: world.tracker ?? null,
        words,
        actor: 'server',
        now: world.now ?? (() => new Date()),
      },
      ...{
        rollout,
        source,
        sink,
        receivers: world.receivers ?? receiversOf({}),
        environment: {},
        log: (line) => void lines.push(line),
      },
      page: { assets: await readPageAssets(), repositoryUrl: null },
    },
    {
      ...{
        adminToken: ADMIN,
        readToken: null,
        identity: null,
        showNames: false,
        rateLimit: 0,
        trustProxy: false,
        hosts: null,
        origins: [],
        clientTokens: [],
        writeTokens: [],
        streams: { all: 100, ofOne: 100 },
      },
      ...options,
    },
  );
  const listening = await listen(app, { host: '127.0.0.1', port: 0 }, (line) => void lines.push(line));
  atEnd(() => rollout.close());
  atEnd(() => listening.close());
  const { url } = listening;
  const post: Served['post'] = (path, body = {}, headers = {}) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    ...{ ...listening, rollout, lines, post },
    direct: async (input, init) => app.fetch(new Request(input, init)),
    get: (path, headers = {}) => fetch(`${url}${path}`, { headers }),
    admin: (path, body) => post(`/api/admin/rollout/${path}`, body, { authorization: `Bearer ${ADMIN}` }),
  };
}
