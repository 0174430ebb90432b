import { existsSync } from 'node:fs';
import { createRollout } from '../runtime/create.ts';
import type { Rollout } from '../runtime/host/rollout.ts';
import { type Controller, openController, openForStop } from './controller.ts';
import { type Database, migrateDatabase, openDatabase } from './environment/database.ts';
import { noRepository } from './environment/no-repository.ts';
import type { Environment, Settings } from './environment/settings.ts';

/** Settings of an application; omitted ones are searched for. */
export interface ApplicationSettings {
  /** PostgreSQL URL; left out: `DATABASE_URL`, and without that the embedded database, as for every command. */
  connectionString?: string | undefined;
  /** Path of rollout.yaml; null: there is none. Left out: `ROLLOUT_FILE`, or `rollout.yaml` if it exists here. */
  file?: string | null | undefined;
  environment: Environment;
  log: (line: string) => void;
}

/** A controller, and whether it has a file that it may change. */
export interface ApplicationController extends Controller {
  hasRepository: boolean;
}

/**
 * A controller and the library inside an application. Each is opened when it is first needed, so that importing costs
 * nothing and the environment may be loaded later; the next call retries a failed opening.
 */
export class Application {
  readonly #settings: ApplicationSettings;
  readonly #database = new Opened((): Promise<Database> => this.#openDatabase());
  readonly #controller = new Opened(() => this.#open(openController));
  readonly #rollout = new Opened(() => this.#openRollout());

  constructor(settings: ApplicationSettings) {
    this.#settings = settings;
  }

  get environment(): Environment {
    const { connectionString, environment } = this.#settings;
    return connectionString ? { ...environment, DATABASE_URL: connectionString } : environment;
  }

  log(line: string): void {
    this.#settings.log(line);
  }

  /** Opens the controller; checks the database first. */
  controller(): Promise<ApplicationController> {
    return this.#controller.get();
  }

  /** Runs `work` with only the database: without any check if none was made yet, as a stop must. */
  async unchecked<T>(work: (controller: ApplicationController) => Promise<T>): Promise<T> {
    const opened = await this.#controller.peek();
    if (opened) return work(opened);
    const controller = await this.#open(openForStop);
    try {
      return await work(controller);
    } finally {
      await controller.close();
    }
  }

  /** Opens the library for decisions from memory and for recording outcomes. */
  rollout(): Promise<Rollout> {
    return this.#rollout.get();
  }

  /** Sends recorded outcomes and closes every connection. A later call opens new ones. */
  async close(): Promise<void> {
    await (await this.#rollout.take())?.close();
    await (await this.#controller.take())?.close();
    await (await this.#database.take())?.leave();
  }

  /** A server is migrated in a separate step; the embedded database here, as by every command. */
  async #openDatabase(): Promise<Database> {
    const settings = { ...this.#place(), environment: this.environment };
    const database = await openDatabase(settings);
    if (database.embedded)
      await migrateDatabase(database.connectionString, settings.log, { inPassing: true });
    return database;
  }

  async #open(open: (settings: Settings) => Promise<Controller>): Promise<ApplicationController> {
    const { connectionString } = await this.#database.get();
    const { hasRepository, ...place } = this.#place();
    const environment = { ...this.environment, DATABASE_URL: connectionString };
    const controller = await open({ ...place, environment });
    // On GitHub the file need not exist here; null states that there is none at all.
    const onGithub = controller.tracker !== null && this.#settings.file !== null;
    if (hasRepository || onGithub) return { ...controller, hasRepository: true };
    const nowhere = { repository: noRepository(), tracker: null, deployments: null, comments: null };
    return { ...controller, ...nowhere, hasRepository: false };
  }

  async #openRollout(): Promise<Rollout> {
    const { connectionString } = await this.#database.get();
    return createRollout({ connectionString, env: this.environment, log: this.#settings.log });
  }

  #place() {
    const { file, environment, log } = this.#settings;
    const found = file === undefined ? fileOf(environment) : file;
    return { file: found ?? DEFAULT_FILE, hasRepository: found !== null, log };
  }
}

const DEFAULT_FILE = 'rollout.yaml';

function fileOf({ ROLLOUT_FILE }: Environment): string | null {
  const named = ROLLOUT_FILE?.trim();
  if (named) return named;
  return existsSync(DEFAULT_FILE) ? DEFAULT_FILE : null;
}

/** A resource that is opened once, when it is first needed. */
class Opened<T> {
  readonly #open: () => Promise<T>;
  #opened: Promise<T> | null = null;

  constructor(open: () => Promise<T>) {
    this.#open = open;
  }

  get(): Promise<T> {
    this.#opened ??= this.#open().catch((error) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  /** Returns the resource if it is open. */
  async peek(): Promise<T | null> {
    return this.#opened?.catch(() => null) ?? null;
  }

  /** Returns the resource if it is open, or null, and forgets it. */
  async take(): Promise<T | null> {
    const opened = this.peek();
    this.#opened = null;
    return opened;
  }
}
