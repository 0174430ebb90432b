import { userInfo } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import type { ConfigurationRepository } from '../app/ports/configuration-repository.ts';
import type { DeploymentLog } from '../app/ports/deployment-log.ts';
import type { IncidentTracker } from '../app/ports/incident-tracker.ts';
import type { OtherEnvironment } from '../app/ports/other-environment.ts';
import type { PullRequestComments } from '../app/ports/pull-requests.ts';
import type { Words } from '../app/ports/words.ts';
import { errorText } from '../lib/error-text.ts';
import { words } from '../report/kept.ts';
import { openPool } from '../store/db/client.ts';
import { selfCheck } from '../store/db/self-check.ts';
import { createStore, type Store } from '../store/store.ts';
import type { Surroundings } from '../worktree/git/surroundings.ts';
import { openWorkingTree } from '../worktree/working-tree.ts';
import { type Database, migrateDatabase, openDatabase } from './environment/database.ts';
import { refusePending } from './environment/database-server.ts';
import { openGithubOf } from './environment/github.ts';
import { otherEnvironmentOf } from './environment/other-environment.ts';
import type { Environment, Settings } from './environment/settings.ts';

/** All dependencies of a command; call `close`, also after an error. */
export interface Controller {
  store: Store;
  /** For separate connections. Contains a password: never in any output. */
  connectionString: string;
  /** On GitHub if the environment names a repository there and a token; otherwise the file's working tree. */
  repository: ConfigurationRepository;
  /** Creates issues of incidents and deployments of the live state; null: the file is not on GitHub. */
  tracker: IncidentTracker | null;
  deployments: DeploymentLog | null;
  /** Comments on merged pull requests about their outcome; null: the file is not on GitHub. */
  comments: PullRequestComments | null;
  words: Words;
  other: OtherEnvironment;
  /** The claimed actor: `ROLLOUT_ACTOR`, otherwise the user of this machine. */
  actor: string;
  close(): Promise<void>;
}

/** Opens the configured database and checks that it fits this version. */
export async function openController(settings: Settings): Promise<Controller> {
  return opened(settings, placesOf, async (database, pool) => {
    if (database.embedded)
      await migrateDatabase(database.connectionString, settings.log, { inPassing: true });
    else await refusePending(pool);
    await selfCheck(pool);
  });
}

/** Opens without any check: a stop must work with only the database. */
export async function openForStop(settings: Settings): Promise<Controller> {
  const places = async () => {
    try {
      return await placesOf(settings);
    } catch (error) {
      settings.log(`GitHub was not notified: ${errorText(error)}`);
      return workingTree(settings);
    }
  };
  return opened(settings, places, async (database) => {
    if (database.embedded)
      await migrateDatabase(database.connectionString, settings.log, { inPassing: true });
  });
}

/** Returns the claimed actor. */
export function actorOf(environment: Environment): string {
  return environment.ROLLOUT_ACTOR?.trim() || `cli:${userName(environment)}`;
}

async function opened(
  settings: Settings,
  places: (settings: Settings) => Promise<Places>,
  check: (database: Database, pool: pg.Pool) => Promise<void>,
): Promise<Controller> {
  const database = await openDatabase(settings);
  const pool = openPool(database.connectionString);
  const close = () => pool.end().finally(database.leave);
  try {
    await check(database, pool);
    return {
      store: createStore(pool),
      connectionString: database.connectionString,
      ...(await places(settings)),
      words,
      other: otherEnvironmentOf(settings.environment),
      actor: actorOf(settings.environment),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type Places = Pick<Controller, 'repository' | 'tracker' | 'deployments' | 'comments'>;

async function placesOf(settings: Settings): Promise<Places> {
  const github = await openGithubOf(settings);
  if (github) {
    const { configuration: repository, incidents: tracker, deployments, comments } = github;
    return { repository, tracker, deployments, comments };
  }
  return workingTree(settings);
}

async function workingTree(settings: Settings): Promise<Places> {
  const repository = await openWorkingTree(settings.file, surroundings(settings.log), settings.follow);
  return { repository, tracker: null, deployments: null, comments: null };
}

/** Real time and randomness, for changes of the repository. */
export function surroundings(log: (line: string) => void): Surroundings {
  return { sleep: (milliseconds) => setTimeout(milliseconds), random: Math.random, log };
}

function userName(environment: Environment): string {
  try {
    return userInfo().username;
  } catch {
    return environment.USER ?? 'unknown';
  }
}
