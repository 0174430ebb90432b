import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChangeDependencies } from '../../src/app/operate/change-file.ts';
import { reconcile } from '../../src/app/reconcile/reconcile.ts';
import type { Agree, Asked } from '../../src/domain/change/requested.ts';
import { words } from '../../src/report/kept.ts';
import { createStore } from '../../src/store/store.ts';
import { openWorkingTree } from '../../src/worktree/working-tree.ts';
import { importRows, repository } from '../helpers/data/features.ts';
import type { TestDatabase } from '../helpers/database/database.ts';
import { testDatabase } from '../helpers/database/database.ts';
import {
  cloneOf,
  gitEnvironment,
  gitRepository,
  type TestRepository,
  temporaryFolder,
} from '../helpers/projects/git.ts';

// What is tested calls git with the environment of this process.
Object.assign(process.env, gitEnvironment);

export const FILE = `# The desired state.
version: 1

test_repositories: [acme/sandbox]

features:
  checkout:                    # the new one
    percentage: 25             # a quarter
    whitelist: [acme/one]
    steps: playbook
  search: { percentage: 50, strategy: repository_size }
  beta:
    strategy: whitelist
    whitelist:
      - acme/one   # the first
`;

/** A clone with the file reconciled, its remote, and a database with three repositories. */
export interface World {
  deps: ChangeDependencies;
  db: TestDatabase;
  mine: TestRepository;
  colleague: TestRepository;
  remote: string;
  /** The file on the remote's default branch. */
  committed(): Promise<string>;
  /** Lines that the newest commit there changes. */
  lastChange(): Promise<string[]>;
  lastMessage(): Promise<string>;
  /** What is live: percentage, or off, or stopped. */
  live(feature: string): Promise<string>;
  incidentStates(feature: string): Promise<string[]>;
  reconcile(): ReturnType<typeof reconcile>;
  /** A colleague's commit, pushed; the clone pulls it. */
  merge(text: string | ((text: string) => string)): Promise<void>;
}

export async function world(text = FILE): Promise<World> {
  const first = await gitRepository();
  await first.commit({ 'rollout.yaml': text }, 'first');
  const remote = await first.bareRemote();
  const [mine, colleague] = [await cloneOf(remote), await cloneOf(remote)];
  const db = await testDatabase();
  await importRows(db.pool, [
    repository('r1', { name: 'acme/one', star_count: 5 }),
    repository('r2', { name: 'acme/two', star_count: 9_000 }),
    repository('r3', { name: 'acme/sandbox' }),
  ]);
  const deps = await dependencies(db, join(mine.dir, 'rollout.yaml'));
  const onRemote = (...args: string[]) => mine.git('--git-dir', remote, ...args);
  const itself: World = {
    deps,
    db,
    mine,
    colleague,
    remote,
    committed: async () => `${await onRemote('show', 'main:rollout.yaml')}\n`,
    lastChange: async () => {
      const diff = await onRemote('show', '--format=', '--unified=0', 'main');
      return diff.split('\n').filter((line) => /^[+-](?![+-])/.test(line));
    },
    lastMessage: () => onRemote('log', '-1', '--format=%B', 'main'),
    live: async (feature) => {
      const [row] = await db.rows(
        `select rollout_percentage::float8 as at, is_active, emergency_stop from rollout_configuration
         where feature_name = $1`,
        [feature],
      );
      if (!row) return 'nowhere';
      if (row.emergency_stop) return 'stopped';
      return row.is_active ? `${row.at}%` : 'off';
    },
    incidentStates: async (feature) => {
      const rows = await db.rows('select state from rollout_incidents where feature_name = $1 order by id', [
        feature,
      ]);
      return rows.map(({ state }) => state);
    },
    reconcile: () => reconcile(deps, { actor: 'test', allowRewind: false, revision: null }),
    merge: async (wanted) => {
      await colleague.git('pull', '--quiet');
      const now = `${await colleague.git('show', 'HEAD:rollout.yaml')}\n`;
      await colleague.commit({ 'rollout.yaml': typeof wanted === 'string' ? wanted : wanted(now) }, 'merged');
      await colleague.git('push', '--quiet');
      await mine.git('pull', '--quiet');
    },
  };
  await itself.reconcile();
  return itself;
}

/** A plain file with a database, as where nobody uses git. */
export async function plainWorld(
  text = FILE,
): Promise<{ deps: ChangeDependencies; db: TestDatabase; file: string }> {
  const file = join(await temporaryFolder(), 'rollout.yaml');
  await writeFile(file, text);
  const db = await testDatabase();
  const deps = await dependencies(db, file);
  await reconcile(deps, { actor: 'test', allowRewind: false, revision: null });
  return { deps, db, file };
}

async function dependencies(db: TestDatabase, file: string): Promise<ChangeDependencies> {
  const repository = await openWorkingTree(file, { sleep: async () => {}, random: () => 0.5 });
  return { store: createStore(db.pool), repository, words, actor: 'ada' };
}

/** A person who agrees, and what they were asked. */
export function agreeing(answer = true): { agree: Agree; asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    agree: async (question) => {
      asked.push(question);
      return answer;
    },
  };
}

export const yes = { agree: async () => true };

/** A person who must not be asked. */
export const unasked = {
  agree: async (question: Asked): Promise<boolean> => {
    throw new Error(`asked: ${question.code}`);
  },
};
