import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useEmbedded } from '../../../src/store/embedded/embedded.ts';
import {
  embeddedFolder,
  killServer,
  member,
  namesIn,
  serverPid,
  startMember,
  starts,
  until,
  usedFolder,
} from '../../helpers/database/embedded.ts';
import { isAlive } from '../../helpers/run/run-folder.ts';

async function expectDataAndEnd(folder: string): Promise<void> {
  const next = await member(folder);
  expect(await next.sql('select n from kept')).toEqual([{ n: 7 }]);
  const pid = serverPid(folder) ?? 0;
  await next.leave();
  expect(isAlive(pid)).toBe(false);
  expect(serverPid(folder)).toBeUndefined();
}

describe('after a command was killed', () => {
  it('after a command was killed, the next one uses the server that still runs, and stops it', async () => {
    const folder = await usedFolder();
    const killed = await member(folder);
    expect(await killed.kill('SIGKILL')).toBe('SIGKILL');
    expect(isAlive(serverPid(folder) ?? 0)).toBe(true);
    await expectDataAndEnd(folder);
    expect(starts(folder)).toBe(2); // once before the test, once in it
  });

  it('a command that outlives a killed one is the last to leave and stops the server', async () => {
    const folder = await usedFolder();
    const killed = await member(folder);
    const other = await member(folder);
    await killed.kill('SIGKILL');
    await until(async () => (await other.sql(membersSql))[0]?.n === 1);
    const pid = serverPid(folder) ?? 0;
    await other.leave();
    expect(isAlive(pid)).toBe(false);
  });

  it('after a command ended without leaving, the next one takes over its server', async () => {
    const folder = await usedFolder();
    const forgetful = await member(folder);
    await forgetful.finish();
    await expectDataAndEnd(folder);
    expect(starts(folder)).toBe(2); // once before the test, once in it
  });

  it('after a command was killed while making the cluster, the next one makes it and clears up', async () => {
    const folder = await embeddedFolder();
    const child = startMember(folder);
    await until(async () => (await namesIn(folder)).some((name) => name.startsWith('unfinished-')));
    child.kill('SIGKILL');
    await until(() => child.signalCode !== null);
    expect(await namesIn(folder)).not.toContain('cluster');
    await (await member(folder)).leave();
    expect((await namesIn(folder)).sort()).toEqual(['cluster', 'server.log']);
  });

  it('after a command was killed while the server was starting, the next one uses that server or another', async () => {
    const folder = await usedFolder();
    const child = startMember(folder);
    await until(() => serverPid(folder) !== undefined);
    child.kill('SIGKILL');
    await expectDataAndEnd(folder);
  });
});

describe('after the server was killed', () => {
  it('after the server was killed, the next command starts it again with all its data', async () => {
    const folder = await usedFolder();
    const one = await member(folder);
    await killServer(folder);
    await one.leave(); // nothing to stop, and no error
    expect(serverPid(folder)).toBeDefined();
    await expectDataAndEnd(folder);
  });

  it('after the server was killed and its port was taken, the next command uses another port', async () => {
    const folder = await usedFolder();
    const one = await member(folder);
    await killServer(folder);
    await one.kill('SIGKILL');
    const other = createServer((socket) => socket.end('not a database'));
    await new Promise<void>((resolve) => other.listen(Number(one.port), '127.0.0.1', resolve));
    await expectDataAndEnd(folder);
    other.close();
  });

  it('after the server was killed and its process id was reused, the next command leaves that process alone', async () => {
    const folder = await usedFolder();
    const one = await member(folder);
    await killServer(folder);
    await one.kill('SIGKILL');
    const file = join(folder, 'cluster/data/postmaster.pid');
    const stranger = await member(await usedFolder()); // any living process of the server's own user
    const strangersServer = serverPid(stranger.folder) ?? 0;
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, `${strangersServer}`));
    await expectDataAndEnd(folder);
    expect(isAlive(strangersServer)).toBe(true);
    await stranger.leave();
  });

  it.each([
    ['empty', ''],
    ['cut off', '4711\n/some'],
  ])(
    'the next command starts the server whose pid file is %s, as after a kill while writing it',
    async (_, text) => {
      const folder = await usedFolder();
      writeFileSync(join(folder, 'cluster/data/postmaster.pid'), text);
      await expectDataAndEnd(folder);
    },
  );
});

describe('a cluster that cannot be started', () => {
  it('a cluster that cannot be started is an error with the end of the log and the next step', async () => {
    const folder = await usedFolder();
    writeFileSync(join(folder, 'cluster/data/PG_VERSION'), '12\n');
    await expect(useEmbedded(folder, { durable: false })).rejects.toMatchObject({
      code: 'embedded_failed',
      message: expect.stringMatching(/did not start:[\s\S]*initialized by PostgreSQL version 12/),
      hint: expect.stringMatching(/read .*server\.log, then remove .* or set DATABASE_URL/),
    });
  });

  it('a cluster with another password is an error that says so, and no server stays', async () => {
    const folder = await usedFolder();
    writeFileSync(join(folder, 'cluster/password'), 'another\n');
    await expect(useEmbedded(folder, { durable: false })).rejects.toMatchObject({
      code: 'embedded_failed',
      message: expect.stringContaining('password authentication failed'),
      hint: expect.stringContaining('begin anew'),
    });
    expect(serverPid(folder)).toBeUndefined();
  });

  it('a command can still leave when the folder of its cluster is gone', async () => {
    const folder = await embeddedFolder();
    const logged: string[] = [];
    const embedded = await useEmbedded(folder, { durable: false, log: (line) => logged.push(line) });
    const pid = serverPid(folder) ?? 0;
    rmSync(folder, { recursive: true });
    await embedded.leave();
    expect(logged).toEqual([expect.stringContaining('left the database in')]);
    process.kill(pid, 'SIGQUIT');
    mkdirSync(folder);
  });
});

/** Members as the server counts them. */
const membersSql = `select count(*)::integer as n from pg_locks where locktype = 'advisory'`;
