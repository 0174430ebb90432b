import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OpenBrowser } from '../helpers/browser/browser.ts';
import { testBrowser } from '../helpers/browser/test-browser.ts';
import { switchingProxy } from '../helpers/database/switching-proxy.ts';
import { READ, served, storeAt } from '../helpers/http/served.ts';
import { fileOf, type Project, project } from '../helpers/projects/project.ts';
import { patience } from '../helpers/run/pace.ts';

let one: Project;
let open: OpenBrowser;

beforeAll(async () => {
  one = await project();
  await one.apply(fileOf({ checkout: { percentage: 30 } }));
  open = await testBrowser();
});

afterAll(() => open.close());

it('the page in a browser shows a stop within moments, and its policy blocks nothing of it', async () => {
  const server = await served(one.controller, { readToken: READ });
  // As a browser's user who is asked for the password.
  const httpCredentials = { username: 'ada', password: READ };
  const context = await open.browser.newContext({ httpCredentials, locale: 'en-US' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  const elsewhere: string[] = [];
  page.on('request', (request) => request.url().startsWith(server.url) || elsewhere.push(request.url()));

  await page.goto(server.url);
  const text = () => page.locator('#page').textContent();
  expect(await text()).toContain('checkout');
  expect(await text()).not.toContain('payments fail');
  await expect
    .poll(async () => (await server.get('/metrics', { 'x-api-key': READ })).text())
    .toContain('rollout_event_streams 1');
  await one.controller.store.incidents.stop('checkout', 'payments fail', 'ada');
  await expect.poll(text).toContain('payments fail');
  expect(complaints).toEqual([]);
  expect(elsewhere).toEqual([]);

  // The stream of a page that is open does not keep the server.
  await server.close();
  await context.close();
});

/** The page in a browser whose clock can be put forward, and what it says of itself. */
async function watched(url: string) {
  const context = await open.browser.newContext({ locale: 'en-US' });
  await context.addInitScript(CLOCK);
  const page = await context.newPage();
  await page.goto(url);
  const pill = () => page.locator('#live').textContent();
  return {
    pill,
    text: () => page.locator('#page').textContent(),
    ages: () => page.locator('time.age').allTextContents(),
    isGreyed: () => page.locator('html.stale').count().then(Boolean),
    forward: (milliseconds: number) => page.evaluate(`globalThis.forward = ${milliseconds}`),
    close: () => context.close(),
  };
}

const CLOCK = 'const now = Date.now; globalThis.forward = 0; Date.now = () => now() + globalThis.forward;';
const LONG = { timeout: patience(60_000) };

it('the page says that it is out of date when its server is gone, keeps counting ages, and recovers by itself', async () => {
  const [first, second] = [await served(one.controller), await served(one.controller)];
  const proxy = await switchingProxy(first.url);
  const page = await watched(proxy.connectionString);
  await expect.poll(page.pill, LONG).toBe('live');
  expect(await page.isGreyed()).toBe(false);

  await proxy.cut();
  await expect.poll(page.pill, LONG).toBe('reconnecting');
  await page.forward(3 * 3_600_000);
  await expect.poll(page.pill, LONG).toMatch(/^out of date since \d\d:\d\d UTC$/);
  expect(await page.isGreyed()).toBe(true);
  expect(await page.ages()).toContain('3 h ago');

  await proxy.restore(second.url);
  await expect.poll(page.pill, LONG).toBe('live');
  await expect.poll(page.isGreyed).toBe(false);
  expect(await page.ages()).not.toContain('3 h ago');
  await page.close();
});

it('the page says that it is out of date when the database is gone, and recovers by itself', async () => {
  const proxy = await switchingProxy(one.controller.connectionString);
  const { connectionString } = proxy;
  const server = await served({ ...one.controller, connectionString, store: storeAt(connectionString) });
  const page = await watched(server.url);
  await expect.poll(page.pill, LONG).toBe('live');

  await proxy.cut();
  await expect.poll(page.pill, LONG).toMatch(/^out of date since \d\d:\d\d UTC$/);
  expect(await page.isGreyed()).toBe(true);
  expect((await server.get('/healthz')).status).toBe(200);

  await proxy.restore();
  await expect.poll(page.pill, LONG).toBe('live');
  expect(await page.isGreyed()).toBe(false);
  await page.close();
});

it('the page stays live by polling when it gets no stream', async () => {
  const server = await served(one.controller);
  const context = await open.browser.newContext({ locale: 'en-US' });
  await context.route('**/api/events', (route) => route.fulfill({ status: 429, body: '{}' }));
  const page = await context.newPage();
  await page.goto(server.url);
  await expect.poll(() => page.locator('#live').textContent(), LONG).toBe('live');
  await context.close();
});

it('the page shows that it reconnects when the network drops everything, and after a sleep that it is out of date', async () => {
  const server = await served(one.controller);
  const proxy = await switchingProxy(server.url);
  const page = await watched(proxy.connectionString);
  await expect.poll(page.pill, LONG).toBe('live');
  proxy.freeze();
  await expect.poll(page.pill, LONG).toBe('reconnecting');
  await page.forward(3_600_000);
  await expect.poll(page.pill, LONG).toMatch(/^out of date since \d\d:\d\d UTC$/);
  expect(await page.isGreyed()).toBe(true);
  proxy.thaw();
  await expect.poll(page.pill, LONG).toBe('live');
  expect(await page.isGreyed()).toBe(false);
  await page.close();
});
