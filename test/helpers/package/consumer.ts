import { execFile } from 'node:child_process';
import { copyFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../projects/git.ts';

const execute = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const source = (path: string) => [join(root, 'src', path)];

/** The entries of package.json, by their sources. */
const ENTRIES = {
  'rollout-controller': source('runtime/index.ts'),
  'rollout-controller/cache-file': source('runtime/cache-file/index.ts'),
  'rollout-controller/http': source('runtime/http/index.ts'),
  'rollout-controller/openfeature': source('runtime/openfeature/index.ts'),
  'rollout-controller/testing': source('runtime/testing/index.ts'),
  'rollout-controller/managers': source('managers/index.ts'),
  'rollout-controller/domain': source('domain/index.ts'),
};

/** A project that uses the library by its name, as an application does, with the packages that are installed here. */
export interface Consumer {
  folder: string;
  write(name: string, text: string): Promise<string>;
  /** Copies a file into the project, under its own name. */
  copy(path: string): Promise<string>;
  /** What the compiler says of everything in the project; empty where nothing is wrong. */
  typecheck(): Promise<string>;
  /** Program and arguments that run a file of it, for spawn, and the environment that is needed. */
  command(file: string): { program: string; args: string[]; env: Record<string, string> };
}

export async function consumer(modules = join(root, 'node_modules')): Promise<Consumer> {
  const folder = await temporaryFolder();
  await symlink(modules, join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = { paths: ENTRIES, typeRoots: [join(root, 'node_modules/@types')] };
  await writeFile(
    config,
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: [`${folder}/*.ts`] }),
  );
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  return {
    folder,
    write: async (name, text) => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    },
    copy: async (path) => {
      const to = join(folder, basename(path));
      await copyFile(join(root, path), to);
      return to;
    },
    typecheck: () =>
      execute(process.execPath, [compiler, '--project', config]).then(
        () => '',
        ({ stdout }: { stdout: string }) => stdout,
      ),
    command: (file) => ({
      program: process.execPath,
      args: ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href, file],
      env: { ...(process.env as Record<string, string>), TSX_TSCONFIG_PATH: config },
    }),
  };
}
