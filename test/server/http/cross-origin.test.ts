import { createServer } from 'node:http';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { originsOf } from '../../../src/server/http/cross-origin.ts';
import type { OpenBrowser } from '../../helpers/browser/browser.ts';
import { testBrowser } from '../../helpers/browser/test-browser.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { CLIENT, relayOver, WRITER } from '../../helpers/http/relays.ts';

const db = await testDatabase();
await applyFeature(db.pool, 'checkout', { percentage: 100 });
const entry = new URL('../../../src/runtime/http/index.ts', import.meta.url).pathname;

let open: OpenBrowser;
let page: Page;
let origin: string;
/** Another site, with the library in a page of its own. */
const site = createServer((_, answer) =>
  answer.setHeader('content-type', 'text/html').end('<title>shop</title>'),
);

beforeAll(async () => {
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(site.address() as { port: number }).port}`;
  const { outputFiles } = await build({
    ...{ entryPoints: [entry], bundle: true, write: false, format: 'iife', globalName: 'rollout' },
    platform: 'browser',
  });
  open = await testBrowser();
  page = await open.browser.newPage();
  await page.goto(origin);
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
});

afterAll(async () => {
  await open.close();
  site.close();
});

/** Opens the library in the page, and leaves it there as `one`. */
const openIn = (url: string) =>
  page.evaluate<string>(`rollout.createRollout(${JSON.stringify({
    ...{ url, token: CLIENT, writeToken: WRITER, startMs: 3_000, pollMs: 3_600_000 },
  })}).then(
    (made) => { window.one = made; return made.state().status; },
    (error) => error.code,
  )`);

describe('a page of another origin', () => {
  it('a page of a listed origin decides in the browser, gets a stop by the stream, and records', async () => {
    const { url } = await relayOver(db.connectionString, { origins: [origin] });
    expect(await openIn(url)).toBe('ready');
    expect(await page.evaluate('one.isEligible("checkout", "x")')).toBe(true);
    await expect.poll(() => page.evaluate('one.state().listening')).toBe(true);
    await db.pool.query(`update rollout_configuration set emergency_stop = true`);
    await expect.poll(() => page.evaluate('one.evaluate("checkout", "x").reason')).toBe('emergency_stop');
    await db.pool.query(`update rollout_configuration set emergency_stop = false`);
    await page.evaluate('one.record({ feature: "checkout", subject: "x", processor: "browser", ok: true })');
    expect(await page.evaluate('one.flush()')).toBe(true);
    expect(
      await db.rows(`select total_jobs from rollout_metrics where processor_type = 'browser'`),
    ).toHaveLength(1);
    await page.evaluate('one.close()');
  });

  it('a page of an origin that is not listed is blocked by the browser', async () => {
    const { url } = await relayOver(db.connectionString, { origins: ['https://shop.example'] });
    expect(await openIn(url)).toBe('starting');
    await page.evaluate('one.close()');
  });

  it.each(['/ofrep/v1/evaluate/flags', '/api/outcomes', '/api/snapshot/stream'])(
    'a preflight request is allowed for %s and not for admin routes',
    async (path) => {
      const { url } = await relayOver(db.connectionString, { origins: ['*'], readToken: 'r'.repeat(40) });
      const ask = (where: string) =>
        fetch(`${url}${where}`, {
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': 'POST' },
        });
      const allowed = await ask(path);
      expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
      const refused = await ask('/api/admin/rollout/stop');
      expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    },
  );
});

describe('an origin', () => {
  it('the values that a browser sends as origin are accepted, and * for any', () => {
    const origins = ['https://app.example.com', 'http://localhost:3000', '*'];
    expect(originsOf(origins)).toEqual(origins);
  });

  it.each([
    'app.example.com',
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://A.example',
    'null',
    '',
  ])('the origin %j is refused', (text) => {
    expect(() => originsOf([text])).toThrow('is not an origin');
  });
});
