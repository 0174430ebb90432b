import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import {
  type ActionSource,
  WORKFLOWS,
  type WorkflowOptions,
  workflowFor,
  workflowPath,
} from '../../app/setup/init-workflows.ts';
import { errorCode } from '../../lib/error-text.ts';
import { packageRoot } from '../../lib/package-root.ts';
import { gitSays, gitText } from '../../worktree/git/git.ts';

const HERE = packageRoot();

/** The repository that contains a file: its root, and facts for workflows. */
export interface Surrounding {
  root: string;
  branch: string;
  /** Path of the file from the root. */
  file: string;
}

/** Returns null outside of a git repository. */
export async function surroundingOf(file: string): Promise<Surrounding | null> {
  const folder = dirname(resolve(file));
  if (!(await gitSays(folder, 'rev-parse', '--show-toplevel'))) return null;
  const root = await gitText(folder, 'rev-parse', '--show-toplevel');
  const prefix = await gitText(folder, 'rev-parse', '--show-prefix');
  const path = `${prefix}${relative(folder, resolve(file))}`.split(sep).join('/');
  return { root, branch: await branchOf(folder), file: path };
}

/** Returns the remote's default branch, or without a remote the checked-out one, even before its first commit. */
async function branchOf(folder: string): Promise<string> {
  const remote = await gitText(folder, 'symbolic-ref', '--short', 'refs/remotes/origin/HEAD').catch(() => '');
  if (remote !== '') return remote.replace(/^origin\//, '');
  return gitText(folder, 'symbolic-ref', '--short', 'HEAD').catch(() => 'main');
}

/** Returns the origin on GitHub and the commit of this copy of the product; null if it is not such a clone. */
export async function ownSource(): Promise<ActionSource | null> {
  const root = await gitText(HERE, 'rev-parse', '--show-toplevel').catch(() => '');
  if (root === '' || resolve(root) !== resolve(HERE)) return null;
  const url = await gitText(HERE, 'remote', 'get-url', 'origin').catch(() => '');
  const [, repository] =
    /^(?:https:\/\/|ssh:\/\/git@|git@)[^/:]+[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(url) ?? [];
  if (!repository) return null;
  const { version } = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8')) as { version: string };
  return { repository, ref: await gitText(HERE, 'rev-parse', 'HEAD'), version: `v${version}` };
}

export interface WrittenWorkflows {
  written: string[];
  /** Existing workflows, which are left unchanged. */
  kept: string[];
  /** Existing workflows that use another configuration file. */
  of_another_file: string[];
}

/** Writes the workflows into a repository; never overwrites a file. */
export async function writeWorkflows(root: string, options: WorkflowOptions): Promise<WrittenWorkflows> {
  const result: WrittenWorkflows = { written: [], kept: [], of_another_file: [] };
  const folder = join(root, '.github', 'workflows');
  await mkdir(folder, { recursive: true });
  for (const name of WORKFLOWS) {
    const shipped = await readFile(join(HERE, '.github', 'workflows', `${name}.yml`), 'utf8');
    const path = workflowPath(name, options.environment);
    const text = workflowFor(shipped, options);
    const isNew = await writeNew(join(root, path), text);
    (isNew ? result.written : result.kept).push(path);
    const about = isNew ? null : fileIn(await readFile(join(root, path), 'utf8'));
    if (about !== null && about !== options.file) result.of_another_file.push(path);
  }
  return result;
}

/** Returns the configuration file that a workflow passes to the action; null: it passes none, or is somebody else's. */
function fileIn(workflow: string): string | null {
  if (!/^ *command: /m.test(workflow)) return null;
  return /^ *file: "?([^"\n]+)"?$/m.exec(workflow)?.[1] ?? 'rollout.yaml';
}

async function writeNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
