import type { Asked, Facts, FileFacts } from '../app/setup/doctor/finding.ts';
import { parseConfig } from '../config/read/parse.ts';
import { RolloutError } from '../errors.ts';
import { errorText } from '../lib/error-text.ts';
import { readState } from '../store/configuration/state.ts';
import { openPool, type Queryable } from '../store/db/client.ts';
import { migrationStatus } from '../store/db/migrate.ts';
import { readRights } from '../store/db/rights.ts';
import { selfCheck } from '../store/db/self-check.ts';
import { readServerFacts } from '../store/runtime/server-facts.ts';
import { openDatabase } from './environment/database.ts';
import { readConfigurationFile } from './environment/files.ts';
import { openGithubOf } from './environment/github.ts';
import { receiversOf } from './environment/receivers.ts';
import type { Settings } from './environment/settings.ts';

/** Runs every check of the doctor; a check that cannot run states why. Writes nothing. */
export async function gatherFacts(settings: Settings): Promise<Facts> {
  const database = await databaseFacts(settings);
  return {
    file: await asked(() => fileFacts(settings)),
    embedded: !settings.environment.DATABASE_URL?.trim(),
    ...database,
    github: await githubFacts(settings),
  };
}

/** Defaults of github.com, for a person who names only the repository and a token. */
const USUAL = {
  GITHUB_API_URL: 'https://api.github.com',
  GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
  GITHUB_SERVER_URL: 'https://github.com',
};

async function githubFacts(settings: Settings): Promise<Facts['github']> {
  const given = Object.entries(settings.environment).filter(([, value]) => value?.trim());
  const environment = { ...USUAL, ...Object.fromEntries(given) };
  const opened = await asked(() => openGithubOf({ ...settings, environment }));
  if (!opened.ok) return opened;
  const github = opened.value;
  return github && asked(() => github.facts());
}

async function fileFacts({ file: path, environment }: Settings): Promise<FileFacts> {
  const { config, problems } = parseConfig(await readConfigurationFile(path));
  const receivers = receiversOf(environment);
  const routes = (config?.notify ?? []).map((route) => ({ route, receiver: receivers.of(route) }));
  return { path, problems, environment: config?.environment ?? null, routes };
}

type ContentFacts = Pick<Facts, 'rights' | 'buckets' | 'state'>;
type DatabaseFacts = Pick<Facts, 'database' | 'migrations'> & ContentFacts;

const NOT_ASKED: ContentFacts = { rights: null, buckets: null, state: null };

async function databaseFacts(settings: Settings): Promise<DatabaseFacts> {
  const opened = await asked(() => openDatabase(settings));
  if (!opened.ok) return { database: opened, migrations: null, ...NOT_ASKED };
  const pool = openPool(opened.value.connectionString);
  try {
    const database = await asked(() => readServerFacts(pool));
    if (!database.ok) return { database, migrations: null, ...NOT_ASKED };
    const migrations = await asked(() => migrationStatus(pool));
    const migrated = migrations.ok && migrations.value.pending.length === 0;
    return {
      database,
      migrations,
      ...(migrated ? await contentFacts(pool) : NOT_ASKED),
    };
  } finally {
    await pool.end();
    await opened.value.leave();
  }
}

async function contentFacts(db: Queryable): Promise<ContentFacts> {
  const buckets = await asked(async () => {
    await selfCheck(db);
    return true as const;
  });
  const rights = await asked(() => readRights(db));
  return { buckets, rights, state: await asked(() => readState(db)) };
}

async function asked<T>(ask: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    const why = errorText(error);
    return { ok: false, why, next: error instanceof RolloutError ? (error.hint ?? null) : null };
  }
}
