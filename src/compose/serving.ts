import type { PageAssets } from '../report/page/page.ts';
import type { Rollout } from '../runtime/host/rollout.ts';
import type { Sink } from '../runtime/record/sink.ts';
import { openRelayed } from '../runtime/relayed.ts';
import type { SnapshotSource } from '../runtime/wire/source.ts';
import { openPool, provedBy } from '../store/db/client.ts';
import { createStore, type Store } from '../store/store.ts';
import { type Controller, openController } from './controller.ts';
import { readPageAssets } from './environment/page-assets.ts';
import { repositoryUrlOf } from './environment/repository-url.ts';
import type { Settings } from './environment/settings.ts';

/** A controller with the library beside it, for a process that stays. */
export interface Serving extends Controller {
  rollout: Rollout;
  /** What the library knows. */
  source: SnapshotSource;
  /** Where outcomes of applications go. */
  sink: Sink;
  /** Connections of its own for stops, so that a long read never delays one. */
  urgent: Store;
  /** The store for a caller with a proved identity. */
  urgentFor: (subject: string) => Store;
  page: { assets: PageAssets; repositoryUrl: string | null };
}

/** Opens the database that is configured, checks that it fits, and begins to listen for its changes. */
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
      // It routes nothing and records nothing.
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
