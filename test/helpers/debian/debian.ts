import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { temporaryFolder } from '../projects/git.ts';
import { atEnd } from '../run/at-end.ts';

// Programs of Debian's packages, where they are installed: what is not is a test that is skipped, and says so.

const INSTALLED = '/usr/lib/postgresql';

/** Folder of the newest PostgreSQL that Debian installed with server and tools; null: there is none. */
export const DEBIAN_POSTGRES: string | null =
  (existsSync(INSTALLED) ? readdirSync(INSTALLED) : [])
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(INSTALLED, version, 'bin'))
    .find((bin) =>
      ['initdb', 'postgres', 'pg_dump', 'pg_restore'].every((one) => existsSync(join(bin, one))),
    ) ?? null;

const POOLER = '/usr/sbin/pgbouncer';

/** Is Debian's PgBouncer installed? */
export const DEBIAN_PGBOUNCER = existsSync(POOLER);

/** Neither program runs as root: then it is the user that Debian's package made. */
function otherUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A folder that the other user may write, below one that it may enter. */
async function ownFolder(): Promise<string> {
  const around = await temporaryFolder();
  await chmod(around, 0o755);
  const folder = join(around, 'own');
  await mkdir(folder, { mode: 0o700 });
  const user = otherUser();
  if (user) await chown(folder, user.uid, user.gid);
  return folder;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function start(program: string, args: readonly string[], url: string): Promise<void> {
  const said: string[] = [];
  const child = spawn(program, args, { ...otherUser(), cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  atEnd(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGINT')) await ended;
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(String(text)));
  while (child.exitCode === null) {
    const client = new pg.Client(url);
    const answers = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => {});
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${program} ended: ${said.join('')}`);
}

/** A server of Debian's PostgreSQL on loopback, without passwords; its URL is that of the database `postgres`. */
export async function debianServer(): Promise<string> {
  const bin = DEBIAN_POSTGRES ?? '';
  const [folder, port] = [await ownFolder(), await freePort()];
  const data = join(folder, 'data');
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...otherUser(), cwd: '/', stdio: 'ignore' },
  );
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  await start(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((one) => ['-c', one])], url);
  return url;
}

/** A streaming replica of a server of `debianServer`. */
export async function debianStandby(primary: string): Promise<{ url: string; promote(): void }> {
  const bin = DEBIAN_POSTGRES ?? '';
  const [folder, port] = [await ownFolder(), await freePort()];
  const data = join(folder, 'data');
  const run = (program: string, args: readonly string[]) =>
    execFileSync(join(bin, program), args, { ...otherUser(), cwd: '/', stdio: 'ignore' });
  run('pg_basebackup', [
    '-D',
    data,
    '-d',
    primary,
    '--write-recovery-conf',
    '--checkpoint=fast',
    '--no-sync',
  ]);
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  await start(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((one) => ['-c', one])], url);
  return { url, promote: () => run('pg_ctl', ['promote', '-D', data, '--wait']) };
}

/** PgBouncer in transaction mode before a server; the URL of the same database through it. */
export async function debianPooler(server: string): Promise<string> {
  const { port, pathname, username } = new URL(server);
  const [folder, own] = [await ownFolder(), await freePort()];
  const users = join(folder, 'users');
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(users, `"${username}" ""\n`);
  await writeFile(
    file,
    [
      '[databases]',
      `* = host=127.0.0.1 port=${port}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${own}`,
      'unix_socket_dir =',
      'auth_type = trust',
      `auth_file = ${users}`,
      'pool_mode = transaction',
      'default_pool_size = 5',
      '',
    ].join('\n'),
  );
  const user = otherUser();
  if (user) for (const one of [users, file]) await chown(one, user.uid, user.gid);
  const url = `postgresql://${username}@127.0.0.1:${own}${pathname}`;
  await start(POOLER, [file], url);
  return url;
}
