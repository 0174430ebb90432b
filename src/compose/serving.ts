import type { PageAssets } from '../report/page/page.ts';
import type { Rollout } from '../runtime/host/rollout.ts';
import type { Sink } from '../runtime/record/parcel/sink.ts';
import { openRelayed } from '../runtime/relayed.ts';
import type { SnapshotSource } from '../runtime/wire/source.ts';
import { openPool, provedBy } from '../store/db/client.ts';
import { createStore, type Store } from '../store/store.ts';
import { type Controller, openController } from './controller.ts';
import { readPageAssets } from './environment/page-assets.ts';
import { repositoryUrlOf } from './environment/repository-url.ts';
import type { Settings } from './environment/settings.ts';

/** A controller together with the library, for a long-running process. */
export interface Serving extends Controller {
  rollout: Rollout;
  /** The library's snapshot. */
  source: SnapshotSource;
  /** Receives outcomes of applications. */
  sink: Sink;
  /** Separate connections for stops, so that a long read never delays one. */
  urgent: Store;
  /** Returns the store for a caller with a verified identity. */
  urgentFor: (subject: string) => Store;
  page: { assets: PageAssets; repositoryUrl: string | null };
}

/** Opens the configured database, checks that it fits, and starts to listen for its changes. */
export async function openServing(settings: Settings): Promise<Serving> {
  const controller = await openController(settings);
  const pool = openPool(controller.connectionString, 'rollout admin');
  const leave = () => pool.end().finally(controller.close);
  try {
    const page = { assets: await readPageAssets(), repositoryUrl: await repositoryUrlOf(settings) };
    const { rollout, source, sink } = await openRelayed({
      connectionString: controller.connectionString,
      env: settings.environment,
      log: settings.log,
      // This process routes and records no jobs.
      flushOnExit: false,
    });
    const urgentFor = (subject: string) => createStore(provedBy(pool, subject));
    const close = () => rollout.close().finally(leave);
    return { ...controller, rollout, source, sink, urgent: createStore(pool), urgentFor, page, close };
  } catch (error) {
    await leave();
    throw error;
  }
}
