import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { ConfigurationRepository, DeploymentLog, IncidentTracker } from '../../src/app/ports.ts';
import type { PlanDependencies } from '../../src/app/reconcile/plan.ts';
import { type Controller, openController } from '../../src/compose/controller.ts';
import { words } from '../../src/report/kept.ts';
import type { Rollout } from '../../src/runtime/host/api.ts';
import type { Sink } from '../../src/runtime/record/sink.ts';
import { openRelayed } from '../../src/runtime/relayed.ts';
import type { SnapshotSource } from '../../src/runtime/wire/source.ts';
import { openWorkingTree } from '../../src/worktree/working-tree.ts';
import type { TestDatabase } from '../helpers/database/database.ts';
import { databaseUrl, withClient } from '../helpers/database/server.ts';
import type { FakeGithub, FakeRepository } from '../helpers/github/index.ts';
import { runGit } from '../helpers/projects/git.ts';
import { roomOn } from '../helpers/projects/github-world.ts';
import { FactReader, type Facts } from './facts.ts';

/** Ways by which a controller finds the file. */
export type Door = 'clone' | 'github' | 'stale' | 'copy' | 'file';

/** What a use case is handed, by the door through which it comes. */
export interface Entrance extends PlanDependencies {
  actor: string;
  tracker: IncidentTracker | null;
  deployments: DeploymentLog | null;
}

/** The real things that one walk is about: nothing of it is shared with another walk. */
export interface Ground {
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
  close(): Promise<void>;
}

const FILE = 'rollout.yaml';
const unhurried = { sleep: async () => {}, random: () => 0.5 };
let walks = 0;

export async function openGround(
  github: FakeGithub,
  text: string,
  kind: 'origin' | 'plain',
): Promise<Ground> {
  walks += 1;
  const name = `acme/walk${walks}`;
  const around = await mkdtemp(join(inject('folder'), 'walk-'));
  const folders = Object.fromEntries(
    (['clone', 'stale', 'copy', 'file'] as const).map((one) => [one, join(around, one)]),
  ) as Ground['folders'];
  const origin =
    kind === 'origin'
      ? await github.repository(name, { files: { [FILE]: text, '.gitignore': '.rollout\n' } })
      : null;
  for (const one of ['copy', 'file'] as const) {
    await mkdir(folders[one]);
    await writeFile(join(folders[one], FILE), text);
  }
  if (origin) {
    for (const one of ['clone', 'stale'] as const)
      await runGit(around, ['clone', '--quiet', origin.dir, one]);
  }
  const db = await database();
  const environment = { DATABASE_URL: db.connectionString, ROLLOUT_ACTOR: 'walker' };
  const home = join(folders[origin ? 'clone' : 'file'], FILE);
  const controller = await openController({
    file: home,
    environment,
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
      const repository = await openWorkingTree(join(folders[door], FILE), unhurried, door === 'clone');
      return { ...alone, repository };
    }
    const room = roomOn(github, name, {});
    const repository: ConfigurationRepository = room.configuration;
    return { ...alone, repository, tracker: room.incidents, deployments: room.deployments };
  };
  return {
    ...{ db, controller, rollout, source, sink, origin, github, folders, entrance },
    facts: () => reader.read(),
    onOrigin: (...args) => runGit(around, ['--git-dir', origin?.dir ?? '', ...args]),
    close: async () => {
      await rollout.close();
      await controller.close();
      await db.pool.end();
      const { url } = server();
      await withClient(url, (client) => client.query(`drop database if exists ${db.name} with (force)`));
      await rm(around, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A database that ends with its walk: in an hour there are hundreds of walks. */
async function database(): Promise<TestDatabase> {
  const { url, template } = server();
  const name = `walk_${process.pid}_${randomBytes(4).toString('hex')}`;
  await withClient(url, (client) => client.query(`create database ${name} template ${template}`));
  const connectionString = databaseUrl(url, name);
  const pool = new pg.Pool({ connectionString, max: 4 });
  pool.on('error', () => {});
  return {
    ...{ name, connectionString, pool },
    client: () => Promise.reject(new Error('a walk has its pool')),
    rows: async (sql, values = []) => (await pool.query(sql, values)).rows,
  };
}

function server(): { url: string; template: string } {
  const found = inject('server');
  if ('problem' in found) throw new Error(found.problem);
  return found;
}
