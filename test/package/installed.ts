import { execFile } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { localRegistry } from '../helpers/package/registry.ts';
import { temporaryFolder } from '../helpers/projects/git.ts';
import { onceARun } from '../helpers/run/once-a-run.ts';

const execute = promisify(execFile);
const root = join(import.meta.dirname, '../..');

export interface Installed {
  /** The project that has it in its node_modules. */
  project: string;
  /** The package in there. */
  folder: string;
  /** Path and content of what was packed. */
  packed: string;
  tarball: Buffer;
  /** Where npm has every other package from. */
  registry: string;
  /** Paths in the tarball, without the first folder. */
  files: string[];
  /** The command line, as npm puts it into the project. */
  rollout: string;
  /** Runs a program in the project; rejects where it fails. */
  run(
    program: string,
    args: readonly string[],
    env?: Record<string, string>,
  ): Promise<{ stdout: string; stderr: string }>;
  write(name: string, text: string): Promise<void>;
}

/** The package in a folder, as it would be published. It is packed once a run, and copied from there. */
export async function pack(folder: string): Promise<{ name: string; files: string[] }> {
  const made = await onceARun('package', async (shared) => {
    const packed = await npm(root, 'pack', '--json', '--silent', '--pack-destination', shared);
    await writeFile(join(shared, 'report.json'), packed.stdout);
  });
  const [report] = JSON.parse(await readFile(join(made, 'report.json'), 'utf8')) as {
    filename: string;
    files: { path: string }[];
  }[];
  const { filename: name = '', files = [] } = report ?? {};
  await copyFile(join(made, name), join(folder, name));
  return { name, files: files.map(({ path }) => path) };
}

async function npm(cwd: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const cache = join(await temporaryFolder(), 'cache');
  return execute('npm', [...args, '--cache', cache, '--no-audit', '--no-fund', '--no-update-notifier'], {
    cwd,
  });
}

/**
 * Packs the package as it would be published, and installs it with npm into an empty project, where every package has to
 * run on this Node.
 */
export async function installPacked(...others: string[]): Promise<Installed> {
  const project = await temporaryFolder();
  const { name, files } = await pack(project);
  await writeFile(join(project, 'package.json'), '{ "private": true }');
  const registry = await localRegistry();
  await npm(project, 'install', '--engine-strict', '--registry', registry, `./${name}`, ...others);
  return {
    project,
    folder: join(project, 'node_modules', 'rollout-controller'),
    rollout: join(project, 'node_modules', '.bin', 'rollout'),
    packed: join(project, name),
    tarball: await readFile(join(project, name)),
    registry,
    files,
    run: (program, args, env = {}) =>
      execute(program, args, { cwd: project, env: { PATH: process.env.PATH, HOME: project, ...env } }),
    write: (file, text) => writeFile(join(project, file), text),
  };
}
