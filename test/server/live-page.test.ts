import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenBrowser, openBrowser } from '../helpers/browser.ts';
import { fileOf, type Project, project } from '../helpers/project.ts';
import { READ, served } from '../helpers/served.ts';

let one: Project;
let open: OpenBrowser;

beforeAll(async () => {
  one = await project();
  await one.apply(fileOf({ checkout: { percentage: 30 } }));
  open = await openBrowser();
});

afterAll(() => open.close());

it('the page in a browser shows a stop a moment after it happened, and nothing of it is refused by its policy', async () => {
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
  await one.controller.store.stop('checkout', 'payments fail', 'ada');
  await expect.poll(text).toContain('payments fail');
  expect(complaints).toEqual([]);
  expect(elsewhere).toEqual([]);

  // The stream of a page that is open does not keep the server.
  await server.close();
  await context.close();
});
