import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { words } from '../report/kept.ts';
import { openPool } from '../store/db/client.ts';
import { passTime } from '../store/db/pass-time.ts';
import { selfCheck } from '../store/db/self-check.ts';
import { leaveOnSignals, useEmbedded } from '../store/embedded/embedded.ts';
import { type Flush, recordOutcomes } from '../store/outcomes/outcomes.ts';
import { createStore } from '../store/store.ts';
import { gitSays, gitText } from '../worktree/git/git.ts';
import { openWorkingTree } from '../worktree/working-tree.ts';
import { type Controller, surroundings } from './controller.ts';
import { migrateDatabase } from './environment/database.ts';

/** A controller on its own database, with operations that only the demo may use. */
export interface DemoController extends Controller {
  /** Runs SQL as a person would type it. */
  sql(text: string): Promise<Record<string, unknown>[]>;
  /** Writes the file; if git is installed, by a commit. */
  save(content: string, message: string): Promise<void>;
  /** Records outcomes of jobs. */
  record(flush: Flush): Promise<void>;
  /** Makes all recorded data this many hours older. */
  passTime(hours: number): Promise<void>;
}

/** Opens an embedded server without the durability of a permanent database, and a repository if git is installed. */
export async function openDemo(
  folder: string,
  file: string,
  log: (line: string) => void,
): Promise<DemoController> {
  const embedded = await useEmbedded(join(folder, 'postgres'), { log, durable: false });
  const forget = leaveOnSignals(embedded);
  const pool = openPool(embedded.connectionString);
  const close = async () => {
    await pool.end();
    forget();
    await embedded.leave();
  };
  try {
    await migrateDatabase(embedded.connectionString, log);
    await selfCheck(pool);
    const inGit = await gitSays(folder, 'init', '--quiet', '--initial-branch', 'main');
    return {
      store: createStore(pool),
      connectionString: embedded.connectionString,
      repository: await openWorkingTree(file, surroundings(log)),
      tracker: null,
      deployments: null,
      comments: null,
      words,
      other: async () => 'the demo has no other environment',
      actor: 'demo',
      sql: async (text) => (await pool.query(text)).rows,
      save: (content, message) => saveFile(folder, file, content, inGit ? message : null),
      record: async (flush) => void (await recordOutcomes(pool, randomUUID(), flush)),
      passTime: (hours) => passTime(pool, hours),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function saveFile(
  folder: string,
  file: string,
  content: string,
  message: string | null,
): Promise<void> {
  await writeFile(file, content);
  if (message === null) return;
  await gitText(folder, 'add', file);
  const identity = ['-c', 'user.name=demo', '-c', 'user.email=demo@localhost', '-c', 'commit.gpgsign=false'];
  await gitText(folder, ...identity, 'commit', '--quiet', '--message', message);
}
