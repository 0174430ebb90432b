import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

/** Processes of the tests that are started dozens of times. */
const OURS = ['test/helpers/database/embedded-member.ts', 'test/store/outcomes/recorder.ts'];

/** The sources as JavaScript, compiled once a run: hundreds of processes start in half the time that tsx takes. */
export async function compileSources(folder: string): Promise<string> {
  await mkdir(folder);
  const compilerOptions = {
    ...{ noEmit: false, noCheck: true, rootDir: root, outDir: folder, rewriteRelativeImportExtensions: true },
    types: [],
  };
  const config = join(folder, 'tsconfig.json');
  await writeFile(
    config,
    JSON.stringify({
      ...{ extends: join(root, 'tsconfig.json'), compilerOptions },
      include: ['src', ...OURS].map((path) => join(root, path)),
    }),
  );
  for (const name of ['package.json', 'node_modules', 'migrations', 'assets', '.github'])
    await symlink(join(root, name), join(folder, name));
  await promisify(execFile)(process.execPath, [compiler, '--project', config]);
  return folder;
}

/** Path of a compiled source, such as `src/cli/main.ts`. */
export function compiled(source: string): string {
  return join(inject('compiled'), source.replace(/\.ts$/, '.js'));
}

/** Path of the command line's entry. */
export function compiledCli(): string {
  return compiled('src/cli/main.ts');
}
