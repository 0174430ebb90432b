import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { beforeAll, describe, expect, it } from 'vitest';
import { applyFeature } from '../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../helpers/database/database.ts';
import { type Installed, installPacked } from './installed.ts';

const root = join(import.meta.dirname, '../..');
let installed: Installed;
let db: TestDatabase;

beforeAll(async () => {
  installed = await installPacked('@openfeature/server-sdk', '@openfeature/core');
  db = await testDatabase();
  await applyFeature(db.pool, 'hybrid_progressive_capture', { percentage: 100 });
});

/** What a program of each kind does with every entry. */
const body = `
  const rollout = await createRollout({ connectionString: process.env.DATABASE_URL });
  const found = [rollout.isEligible('hybrid_progressive_capture', 'r1'), rollout.isEligible('missing', 'r1')];
  await rollout.close();
  const manager = new HybridRolloutManager({ connectionString: process.env.DATABASE_URL, file: null });
  found.push((await manager.getRolloutConfiguration()).rollout_percentage);
  await manager.close();
  found.push(bucket('salt', 'r1') >= 0, testRollout({ a: true }).isEligible('a', 'r1'), new RolloutProvider({ connectionString: '' }).metadata.name);
  console.log(JSON.stringify(found));`;
const ANSWER = [true, false, 100, true, true, 'rollout-controller'];
const entries = {
  'rollout-controller': '{ createRollout }',
  'rollout-controller/managers': '{ HybridRolloutManager }',
  'rollout-controller/domain': '{ bucket }',
  'rollout-controller/cache-file': '{ cacheFile }',
  'rollout-controller/http': '{ createRouter }',
  'rollout-controller/openfeature': '{ RolloutProvider }',
  'rollout-controller/testing': '{ testRollout }',
};

describe('the package, installed into an empty project', () => {
  it('the installed package works by import', async () => {
    const imports = Object.entries(entries).map(([entry, names]) => `import ${names} from '${entry}';`);
    await installed.write('program.mjs', `${imports.join('\n')}\n${body}`);
    const { stdout, stderr } = await installed.run(process.execPath, ['program.mjs'], {
      DATABASE_URL: db.connectionString,
    });
    expect([JSON.parse(stdout), stderr]).toEqual([ANSWER, '']);
  });

  it('the installed package works by require, without a warning', async () => {
    const requires = Object.entries(entries).map(([entry, names]) => `const ${names} = require('${entry}');`);
    await installed.write('program.cjs', `${requires.join('\n')}\n(async () => {${body}})();`);
    const { stdout, stderr } = await installed.run(process.execPath, ['program.cjs'], {
      DATABASE_URL: db.connectionString,
    });
    expect([JSON.parse(stdout), stderr]).toEqual([ANSWER, '']);
  });

  it.each(['nodenext', 'bundler'])(
    'the installed package’s types compile under %s without any other package of types',
    async (how) => {
      await installed.write(
        'typed.mts',
        `import { createRollout, type Rollout } from 'rollout-controller';
       import { HybridRolloutManager, hybridRolloutManager, type RolloutStats } from 'rollout-controller/managers';
       import { evaluate, type Decision } from 'rollout-controller/domain';
       export const rollout: Promise<Rollout> = createRollout({ connectionString: 'postgresql://localhost/none' });
       export const stats: Promise<RolloutStats | null> = hybridRolloutManager.getRolloutStats();
       export const decision: Decision = evaluate(null, { id: 'r1' });
       export const manager = new HybridRolloutManager({ file: null });
       // @ts-expect-error there is no such option
       createRollout({ connectionString: '', pollMilliseconds: 5 });
       // @ts-expect-error what counts is not a text
       manager.updateRolloutPercentage('10');`,
      );
      // The SDK's own types need those of Node.
      await installed.write(
        'provider.mts',
        `import { OpenFeature } from '@openfeature/server-sdk';
       import { RolloutProvider } from 'rollout-controller/openfeature';
       OpenFeature.setProvider(new RolloutProvider({ connectionString: 'postgresql://localhost/none' }));`,
      );
      const compile = (file: string, skipLibCheck: boolean) =>
        installed.run(process.execPath, [
          ...[join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--target', 'es2023'],
          ...['--module', how === 'bundler' ? 'preserve' : how, '--moduleResolution', how, '--types', ''],
          ...[
            '--exactOptionalPropertyTypes',
            '--noUncheckedIndexedAccess',
            '--skipLibCheck',
            `${skipLibCheck}`,
            file,
          ],
        ]);
      const said = async (compiling: Promise<unknown>) =>
        compiling.then(
          () => '',
          ({ stdout }) => stdout,
        );
      expect(await said(compile('typed.mts', false))).toBe('');
      expect(await said(compile('provider.mts', true))).toBe('');
    },
  );

  it('the installed package’s managers work in an application that is bundled to one CommonJS file', async () => {
    await installed.write(
      'managed.mjs',
      `import { HybridRolloutManager } from 'rollout-controller/managers';
       const manager = new HybridRolloutManager({ connectionString: process.env.DATABASE_URL, file: null });
       manager.isRepositoryEligible('r1').then((eligible) => (console.log(eligible), manager.close()));`,
    );
    const { warnings } = await build({
      entryPoints: [join(installed.project, 'managed.mjs')],
      outfile: join(installed.project, 'managed.cjs'),
      ...{ bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent', external: ['pg-native'] },
    });
    expect(warnings.filter(({ id }) => id !== 'empty-import-meta')).toEqual([]);
    const { stdout } = await installed.run(process.execPath, ['managed.cjs'], {
      DATABASE_URL: db.connectionString,
    });
    expect(stdout).toBe('true\n');
  });

  it('the installed package contains the needed files and nothing else', () => {
    const tops = new Set(installed.files.map((path) => path.replace(/\/.*/, '')));
    expect([...tops].sort()).toEqual([
      ...['.github', 'LICENSE', 'README.md', 'lib', 'migrations', 'package.json', 'schema'],
    ]);
    expect(installed.files.filter((path) => /(?<!\.d)\.ts$|\.test\.|\.map$/.test(path))).toEqual([]);
  });
});

describe('the entries', () => {
  it.each([
    ['.', 'runtime/index.js', ['pg']],
    ['./openfeature', 'runtime/openfeature/index.js', ['@openfeature/server-sdk', 'pg']],
    ['./domain', 'domain/index.js', []],
    ['./cache-file', 'runtime/cache-file/index.js', []],
    ['./http', 'runtime/http/index.js', []],
    ['./testing', 'runtime/testing/index.js', []],
    ['./managers', 'managers/index.js', ['pg']],
    ['the command line', 'cli/main.js', ['oxc-parser', 'pg']],
  ])('the entry %s pulls in exactly its stated packages', async (_entry, path, packages) => {
    expect(await packagesOf(path)).toEqual(packages);
  });
});

describe('what other tools say of the package', () => {
  it('publint finds no problem in the package', async () => {
    const { messages, pkg } = await publint({
      pkgDir: installed.folder,
      level: 'suggestion',
      strict: true,
      pack: false,
    });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it('the types of every entry match its code for every way of importing it', async () => {
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(installed.tarball)));
    if (!result.types) throw new Error('no types were found');
    expect(Object.keys(result.entrypoints)).toEqual(
      expect.arrayContaining(['.', './openfeature', './domain', './managers', './testing']),
    );
    // That a program in CommonJS gets a module is meant: every Node this runs on can require it. What knows no
    // `exports` (node10) is older than that.
    const meant = new Set(['CJSResolvesToESM']);
    const problems = result.problems.filter(
      (problem) =>
        !meant.has(problem.kind) && !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
    );
    expect(problems).toEqual([]);
  });
});

/** Packages that a module of the installed package imports, itself or through others of it. */
async function packagesOf(path: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(installed.folder, 'lib', path)],
    ...{ bundle: true, write: false, metafile: true, outdir: 'out', platform: 'node', format: 'esm' },
    ...{ packages: 'external', loader: { '.json': 'json' }, logLevel: 'silent' },
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  const names = imports.filter(({ external, path: name }) => external && !isBuiltin(name));
  const owners = names.map(({ path: name }) =>
    name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/'),
  );
  return [...new Set(owners)].sort();
}
