import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { ConfigurationRepository } from '../../src/app/ports/configuration-repository.ts';
import type { DeploymentLog } from '../../src/app/ports/deployment-log.ts';
import type { IncidentTracker } from '../../src/app/ports/incident-tracker.ts';
import type { PlanDependencies } from '../../src/app/reconcile/plan.ts';
import { type Controller, openController } from '../../src/compose/controller.ts';
import { words } from '../../src/report/kept.ts';
import type { Rollout } from '../../src/runtime/host/rollout.ts';
import type { Sink } from '../../src/runtime/record/parcel/sink.ts';
import { openRelayed } from '../../src/runtime/relayed.ts';
import type { SnapshotSource } from '../../src/runtime/wire/source.ts';
import { openWorkingTree } from '../../src/worktree/working-tree.ts';
import type { TestDatabase } from '../helpers/database/database.ts';
import { createDatabase, dropDatabase } from '../helpers/database/server.ts';
import type { FakeGithub, FakeRepository } from '../helpers/github/index.ts';
import { runGit } from '../helpers/projects/git.ts';
import { roomOn } from '../helpers/projects/github-world.ts';
import { FactReader, type Facts } from './facts.ts';
import { filesOf, writeIn } from './files.ts';

/** Ways by which a controller finds the file. */
export type Door = 'clone' | 'github' | 'stale' | 'copy' | 'file';

/** What a use case is handed, by the door through which it comes. */
export interface Entrance extends PlanDependencies {
  actor: string;
  tracker: IncidentTracker | null;
  deployments: DeploymentLog | null;
}

/** What the environments of one walk have in common. */
export interface Shared {
  /** The default branch. */
  branch: string;
  /** Commits by which people took another one back. */
  reverts: Set<string>;
}

/** The real things that one environment of a walk is about: nothing of it is shared with another walk. */
export interface Ground {
  environment: string;
  /** The main file, below the top of the repository. */
  path: string;
  shared: Shared;
  db: TestDatabase;
  controller: Controller;
  /** An application with the library in it. */
  rollout: Rollout;
  /** What it knows, for a relay. */
  source: SnapshotSource;
  sink: Sink;
  /** Null: this world has no repository, only a file. */
  origin: FakeRepository | null;
  github: FakeGithub;
  folders: Record<'clone' | 'stale' | 'copy' | 'file', string>;
  entrance(door: Door): Promise<Entrance>;
  /** What the database says now. */
  facts(): Promise<Facts>;
  /** Runs git beside the origin. */
  onOrigin(...args: string[]): Promise<string>;
}

const unhurried = { sleep: async () => {}, random: () => 0.5 };
let walks = 0;

/** What an environment begins with. */
export interface First {
  environment: string;
  path: string;
  text: string;
}

/** One ground for each environment: a database each, and one repository, or one folder, for all of them. */
export async function openGrounds(
  github: FakeGithub,
  firsts: readonly First[],
  kind: 'origin' | 'plain',
): Promise<{ grounds: Ground[]; close(): Promise<void> }> {
  walks += 1;
  const name = `acme/walk${walks}`;
  const around = await mkdtemp(join(inject('folder'), 'walk-'));
  const folders = Object.fromEntries(
    (['clone', 'stale', 'copy', 'file'] as const).map((one) => [one, join(around, one)]),
  ) as Ground['folders'];
  const files = Object.assign({}, ...firsts.map(({ path, text }) => filesOf(path, text)));
  const origin =
    kind === 'origin'
      ? await github.repository(name, { files: { ...files, '.gitignore': '.rollout\n' } })
      : null;
  for (const one of ['copy', 'file'] as const) {
    await mkdir(folders[one]);
    for (const { path, text } of firsts) await writeIn(folders[one], path, text);
  }
  if (origin) {
    for (const one of ['clone', 'stale'] as const)
      await runGit(around, ['clone', '--quiet', origin.dir, one]);
  }
  const shared: Shared = { branch: 'main', reverts: new Set() };
  const place: Place = { github, name, around, folders, origin, shared };
  const opened = await Promise.all(firsts.map((first) => openEnvironment(place, first)));
  return {
    grounds: opened.map(({ ground }) => ground),
    async close() {
      for (const one of opened) await one.close();
      await rm(around, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface Place extends Pick<Ground, 'github' | 'folders' | 'origin' | 'shared'> {
  name: string;
  around: string;
}

async function openEnvironment(
  { github, name, around, folders, origin, shared }: Place,
  { environment, path }: First,
): Promise<{ ground: Ground; close(): Promise<void> }> {
  const db = await database();
  const controller = await openController({
    file: join(folders[origin ? 'clone' : 'file'], path),
    environment: { DATABASE_URL: db.connectionString, ROLLOUT_ACTOR: 'walker' },
    log: () => {},
    follow: origin !== null,
  });
  const { rollout, source, sink } = await openRelayed({
    ...{ connectionString: db.connectionString, env: {}, log: () => {} },
    ...{ pollMs: 500, flushOnExit: false },
  });
  const reader = new FactReader(db);
  const entrance = async (door: Door): Promise<Entrance> => {
    const { store, actor } = controller;
    const alone = { store, words, actor, tracker: null, deployments: null };
    if (door !== 'github') {
      const repository = await openWorkingTree(join(folders[door], path), unhurried, door === 'clone');
      return { ...alone, repository };
    }
    const room = roomOn(github, name, { path });
    const repository: ConfigurationRepository = room.configuration;
    return { ...alone, repository, tracker: room.incidents, deployments: room.deployments };
  };
  const ground: Ground = {
    ...{ environment, path, shared, db, controller, rollout, source, sink, origin, github, folders },
    entrance,
    facts: () => reader.read(),
    onOrigin: (...args) => runGit(around, ['--git-dir', origin?.dir ?? '', ...args]),
  };
  const close = async () => {
    await rollout.close();
    await controller.close();
    await db.pool.end();
    await dropDatabase(db.name);
  };
  return { ground, close };
}

/** A database that ends with its walk: in an hour there are hundreds of walks. */
async function database(): Promise<TestDatabase> {
  const name = `walk_${process.pid}_${randomBytes(4).toString('hex')}`;
  const connectionString = await createDatabase(name);
  const pool = new pg.Pool({ connectionString, max: 4 });
  pool.on('error', () => {});
  return {
    ...{ name, connectionString, pool },
    client: () => Promise.reject(new Error('a walk has its pool')),
    rows: async (sql, values = []) => (await pool.query(sql, values)).rows,
  };
}
