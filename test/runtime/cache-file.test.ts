import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { cacheFile } from '../../src/runtime/cache-file/index.ts';
import type { SnapshotCache } from '../../src/runtime/host/options.ts';
import type { Rollout } from '../../src/runtime/host/rollout.ts';
import { applyFeature, importRows, repository } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { switchingProxy } from '../helpers/database/switching-proxy.ts';
import { WAYS } from '../helpers/http/relays.ts';
import { told } from '../helpers/http/rollouts.ts';

const AWAY = { startMs: 50, pollMs: 50, flushMs: 3_600_000 };

afterEach(() => vi.useRealTimers());

describe.each(WAYS)('the library %s that keeps its snapshot in a file', async (_, reach) => {
  const db = await testDatabase();
  await importRows(db.pool, [repository('fork', { name: 'acme/fork' })]);
  await applyFeature(db.pool, 'checkout', { percentage: 100, blacklist: ['acme/fork'] });
  const { address, openAt } = await reach(db.connectionString);

  /** A file that a process has left behind, and the way on which the next one finds nobody. */
  async function left() {
    const folder = await mkdtemp(join(inject('folder'), 'cache-'));
    const path = join(folder, 'snapshot');
    const way = await switchingProxy(address);
    const one = await openAt(way.connectionString, { cache: cacheFile(path) });
    await expect.poll(() => one.isEligible('checkout', 'x')).toBe(true);
    await one.close();
    await way.cut();
    const lines: string[] = [];
    const openAgain = (settings: { cache?: SnapshotCache; environment?: string } = {}): Promise<Rollout> =>
      openAt(way.connectionString, {
        ...{ cache: cacheFile(path), log: (line) => lines.push(line), ...AWAY },
        ...settings,
      });
    return { folder, path, way, lines, openAgain };
  }

  it('the library starts stale from its cache file while nobody answers, and continues with live data later', async () => {
    const { way, lines, openAgain } = await left();
    const rollout = await openAgain();
    const changes = told(rollout, 'change');
    expect(rollout.state()).toMatchObject({ status: 'stale', generation: null });
    expect(rollout.evaluate('checkout', 'x')).toMatchObject({ eligible: true, stale: true, percentage: 100 });
    expect(rollout.evaluate('checkout', 'fork').reason).toBe('blacklist');
    expect(lines.join('\n')).toContain('decisions come from the kept snapshot');
    rollout.record({ feature: 'checkout', subject: 'x', processor: 'kept', ok: true });
    await applyFeature(db.pool, 'checkout', { percentage: 0 });
    await way.restore();
    await expect.poll(() => rollout.state().status).toBe('ready');
    expect(rollout.isEligible('checkout', 'x')).toBe(false);
    expect(changes.flatMap(({ features }) => features)).toContain('checkout');
    expect(await rollout.flush()).toBe(true);
    await applyFeature(db.pool, 'checkout', { percentage: 100, blacklist: ['acme/fork'] });
  });

  it('the library admits nobody from a cache file older than maxStaleMs', async () => {
    const { openAgain } = await left();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 301_000 });
    const rollout = await openAgain();
    expect(rollout.state().status).toBe('expired');
    expect(rollout.evaluate('checkout', 'x')).toMatchObject({
      eligible: false,
      reason: 'stale',
      percentage: 100,
    });
  });

  it('the library ignores a cache file from the future, whose age is unknown', async () => {
    const { openAgain, lines } = await left();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
    const rollout = await openAgain();
    expect(rollout.evaluate('checkout', 'x').reason).toBe('not_ready');
    expect(lines.join('\n')).toContain('a time that has not come yet');
  });

  it.each<[string, (text: string) => string, string]>([
    ['cut off', (text) => text.slice(0, text.length / 2), 'it is damaged'],
    ['empty', () => '', 'it is not a snapshot'],
    ['changed in one place', (text) => text.replace('"percentage":100', '"percentage":101'), 'it is damaged'],
    ['made younger', (text) => text.replace(/"confirmed_at":1/, '"confirmed_at":2'), 'it is damaged'],
    ['something else', () => '{"name":"package"}\n', 'it is not a snapshot'],
    ['of a newer library', (text) => text.replace('"version":1', '"version":9'), 'it has version 9'],
  ])('the library ignores a cache file that is %s and logs the reason', async (_what, change, words) => {
    const { path, openAgain, lines } = await left();
    await writeFile(path, change(await readFile(path, 'utf8')));
    const rollout = await openAgain();
    expect(rollout.evaluate('checkout', 'x')).toMatchObject({ eligible: false, reason: 'not_ready' });
    expect(lines.join('\n')).toContain(`the kept snapshot is ignored: ${words}`);
  });

  it('the library ignores a cache file of another database and an unreadable one', async () => {
    const { path, openAgain, lines } = await left();
    const elsewhere = await openAt(
      'postgresql://127.0.0.1:1/other'.replace(
        /^postgresql/,
        address.startsWith('http') ? 'http' : 'postgresql',
      ),
      {
        ...{ cache: cacheFile(path), log: (line) => lines.push(line), ...AWAY },
      },
    );
    expect(elsewhere.isEligible('checkout', 'x')).toBe(false);
    expect(lines.join('\n')).toMatch(/ignored: it is of .*, not of .*127\.0\.0\.1:1\/other/);
    const folder = await openAgain({ cache: cacheFile(inject('folder')) });
    expect(folder.isEligible('checkout', 'x')).toBe(false);
    expect(lines.join('\n')).toContain('the kept snapshot could not be read');
  });

  it('the library waits for a cache that never answers neither at the start nor at the end', async () => {
    const { openAgain, way, lines } = await left();
    const never = new Promise<never>(() => {});
    const cache = { read: () => never, write: () => never };
    const rollout = await openAgain({ cache });
    expect(rollout.evaluate('checkout', 'x').reason).toBe('not_ready');
    expect(lines.join('\n')).toContain('the kept snapshot could not be read: no answer within 2 s');
    await way.restore();
    await expect.poll(() => rollout.state().status).toBe('ready');
    await rollout.close();
    expect(rollout.state().status).toBe('closed');
  });

  it('the library takes a cache that returns anything but text for an empty one', async () => {
    const { openAgain } = await left();
    const read = async () => undefined as unknown as null;
    const rollout = await openAgain({ cache: { read, write: async () => {} } });
    expect(rollout.evaluate('checkout', 'x').reason).toBe('not_ready');
  });

  it('the cache file is readable by its owner alone, and no other file remains beside it', async () => {
    const { folder, path } = await left();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['snapshot']);
  });
});

describe('a file that cannot be replaced', () => {
  it('a cache file that cannot be replaced leaves nothing beside it, however often it is written', async () => {
    const folder = await mkdtemp(join(inject('folder'), 'cache-'));
    const path = join(folder, 'snapshot');
    await mkdir(path);
    for (let times = 0; times < 3; times++) {
      await expect(cacheFile(path).write('ids')).rejects.toMatchObject({ syscall: 'rename' });
    }
    expect(await readdir(folder)).toEqual(['snapshot']);
  });
});
