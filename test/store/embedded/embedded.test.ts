import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useEmbedded } from '../../../src/store/embedded/embedded.ts';
import { exclusively } from '../../../src/store/embedded/lock.ts';
import { embeddedFolder, member, serverPid, starts, usedFolder } from '../../helpers/database/embedded.ts';
import { isAlive } from '../../helpers/run/run-folder.ts';

describe('commands that use the embedded database', () => {
  it('commands share one embedded server, which the first may leave and the last one stops', async () => {
    const folder = await embeddedFolder();
    const first = await member(folder);
    const second = await member(folder);
    expect(second.connectionString).toBe(first.connectionString);
    await first.sql('create table seen (n integer); insert into seen values (1)');
    const pid = serverPid(folder) ?? 0;

    await first.leave();
    expect(await second.sql('select n from seen')).toEqual([{ n: 1 }]);
    expect(isAlive(pid)).toBe(true);

    await second.leave();
    expect(serverPid(folder)).toBeUndefined();
    expect(isAlive(pid)).toBe(false);
    expect(starts(folder)).toBe(1);
  });

  it('a command finds the data of earlier ones in the embedded database', async () => {
    const folder = await usedFolder();
    const next = await member(folder);
    expect(await next.sql('select n from kept')).toEqual([{ n: 7 }]);
    await next.leave();
    expect(starts(folder)).toBe(2);
  });

  it('four commands that start at once share one server, and none stays when all leave at once', async () => {
    const folder = await embeddedFolder();
    const four = await Promise.all([1, 2, 3, 4].map(() => member(folder)));
    expect(new Set(four.map((one) => one.connectionString)).size).toBe(1);
    expect(starts(folder)).toBe(1);
    const pid = serverPid(folder) ?? 0;
    await Promise.all(four.map((one) => one.leave()));
    expect(isAlive(pid)).toBe(false);
    expect(serverPid(folder)).toBeUndefined();
  });

  it('a command leaves the embedded server before it dies of SIGTERM', async () => {
    const folder = await usedFolder();
    const only = await member(folder);
    const pid = serverPid(folder) ?? 0;
    expect(await only.kill('SIGTERM')).toBe('SIGTERM');
    expect(isAlive(pid)).toBe(false);
  });

  it('Ctrl-C in the terminal of a command does not end the embedded server', async () => {
    const folder = await usedFolder();
    const starter = await member(folder);
    const other = await member(folder);
    const ended = once(starter.child, 'exit');
    process.kill(-(starter.child.pid ?? 0), 'SIGINT'); // the whole process group, as a terminal does
    await ended;
    expect(await other.sql('select 1 as one')).toEqual([{ one: 1 }]);
    await other.leave();
    expect(starts(folder)).toBe(2); // once before the test, once in it
  });
});

describe('the embedded server', () => {
  it('the embedded server listens on 127.0.0.1 only, requires the password, and uses UTF-8 and C', async () => {
    const folder = await embeddedFolder();
    const only = await member(folder);
    const settings = await only.sql(
      `select name, setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories', 'TimeZone', 'server_encoding')
       union all select 'collate', datcollate from pg_database where datname = 'rollout' order by 1`,
    );
    expect(settings).toEqual([
      { name: 'TimeZone', setting: 'UTC' },
      { name: 'collate', setting: 'C' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'server_encoding', setting: 'UTF8' },
      { name: 'unix_socket_directories', setting: '' },
    ]);
    const methods = await only.sql('select distinct auth_method from pg_hba_file_rules');
    expect(methods).toEqual([{ auth_method: 'scram-sha-256' }]);
    await only.leave();
  });

  it('the embedded server’s password is only in a file that only its user can read', async () => {
    const folder = await embeddedFolder();
    const only = await member(folder);
    const password = readFileSync(join(folder, 'cluster/password'), 'utf8').trim();
    expect(new URL(only.connectionString).password).toBe(password);
    expect(statSync(join(folder, 'cluster/password')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'server.log'), 'utf8')).not.toContain(password);
    expect(execFileSync('ps', ['-eww', '-o', 'command='], { encoding: 'utf8' })).not.toContain(password);
    expect(only.logged.join()).not.toContain(password);
    await only.leave();
  });
});

describe('waiting for another command', () => {
  it('waiting for another command ends with an error that says what to look for', async () => {
    const folder = await usedFolder();
    const embedded = await useEmbedded(folder, { durable: false });
    await exclusively(embedded.folder, 1_000, async () => {
      await expect(useEmbedded(folder, { durable: false, patience: 200 })).rejects.toMatchObject({
        code: 'embedded_failed',
        message: expect.stringContaining('another command has been starting or stopping the database'),
        hint: expect.stringContaining('suspended or hanging'),
      });
    });
    await embedded.leave();
  });
});
