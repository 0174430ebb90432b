import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/projects/git.ts';
import { patience } from '../helpers/run/pace.ts';

const execute = promisify(execFile);
const root = join(import.meta.dirname, '../..');

interface Lock {
  packages: Record<string, { version?: string; engines?: { node?: string } }>;
}

/** What `npm ci` would print, with nothing fetched and nothing written. */
async function dryRun(lock: Lock): Promise<string> {
  const project = await temporaryFolder();
  await writeFile(join(project, 'package.json'), await readFile(join(root, 'package.json')));
  await writeFile(join(project, 'package-lock.json'), JSON.stringify(lock));
  const flags = ['--dry-run', '--offline', '--engine-strict', '--no-audit', '--no-fund'];
  const cache = join(await temporaryFolder(), 'cache');
  return execute('npm', ['ci', ...flags, '--cache', cache], { cwd: project }).then(
    ({ stdout, stderr }) => `${stdout}${stderr}`,
    (error: { stderr: string }) => error.stderr,
  );
}

const lockFile = async (): Promise<Lock> =>
  JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));

describe('the locked packages', { timeout: patience(60_000) }, () => {
  it('all locked packages run on this Node, so that npm ci prints no EBADENGINE', async () => {
    expect(await dryRun(await lockFile())).not.toContain('EBADENGINE');
  });

  it('npm reports EBADENGINE when a locked package needs a newer Node', async () => {
    const lock = await lockFile();
    const found = lock.packages['node_modules/content-type'];
    if (!found) throw new Error('content-type is not locked');
    found.engines = { node: '>=99' };
    expect(await dryRun(lock)).toContain('EBADENGINE');
  });

  it('octokit is locked at the exact versions in package.json', async () => {
    const { packages } = await lockFile();
    const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    for (const name of ['@octokit/core', '@octokit/graphql', '@octokit/request']) {
      expect(devDependencies[name]).toMatch(/^\d+\.\d+\.\d+$/);
      const locked = Object.entries(packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
      expect(locked.map(([, { version }]) => version)).toEqual([devDependencies[name]]);
    }
  });
});
