import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenBrowser } from '../helpers/browser/browser.ts';
import { violations } from '../helpers/browser/page.ts';
import { testBrowser } from '../helpers/browser/test-browser.ts';
import { ADMIN, READ, served } from '../helpers/http/served.ts';
import { fileOf, liveState, type Project, project } from '../helpers/projects/project.ts';
import { patience } from '../helpers/run/pace.ts';

let one: Project;
let open: OpenBrowser;

const LONG = { timeout: patience(60_000) };

beforeAll(async () => {
  one = await project();
  await one.apply(
    fileOf({ checkout: { percentage: 30 }, search: { percentage: 50 }, quiet: { percentage: 10 } }),
  );
  open = await testBrowser();
});

afterAll(() => open.close());

async function opened(options: Parameters<typeof served>[1] = {}) {
  const server = await served(one.controller, { readToken: READ, ...options });
  const context = await open.browser.newContext({
    httpCredentials: { username: 'ada', password: READ },
    locale: 'en-US',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(server.url);
  return { page, context, complaints, server };
}

async function answer(page: Page, reason: string, token: string) {
  await page.locator('#act-reason').fill(reason);
  await page.getByLabel('Your name, for history').fill('mara');
  await page.getByLabel('Admin token').fill(token);
}

describe('acting on the page', () => {
  it('a person stops a feature on the page with a reason and the admin token, and the page shows the stop', async () => {
    const { page, context, complaints } = await opened();
    await page.getByRole('button', { name: 'Stop checkout', exact: true }).click();
    expect(await violations(page)).toEqual([]);
    await answer(page, 'payments fail', ADMIN);
    await page.getByRole('dialog').getByRole('button', { name: 'Stop checkout' }).click();
    await expect
      .poll(() => page.locator('#f-checkout .sentence').textContent(), LONG)
      .toContain('payments fail');
    expect(await liveState(one.db, 'checkout')).toMatchObject({ stopped: true });
    const [incident] = await one.controller.store.reading((read) =>
      read.incidents.list({ feature: 'checkout', limit: 1 }),
    );
    expect(incident).toMatchObject({ opened_by: 'api:mara', reason: 'payments fail' });
    expect(await page.getByRole('dialog').count()).toBe(0);
    // What is left to do is a command: nothing on the page raises.
    expect(await page.locator('#f-checkout .act').count()).toBe(0);
    expect(await page.locator('#f-checkout .command code').allTextContents()).toEqual([
      'rollout resume checkout --reason "..."',
    ]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('a rollback on the page with a reading token is refused with the reason; with the admin token it is done', async () => {
    const { page, context } = await opened();
    await page.getByRole('button', { name: 'Roll back search', exact: true }).click();
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Roll back search' });
    await page.getByLabel('Admin token').fill(READ);
    await confirm.click();
    // Without a reason the browser does not even ask.
    expect(await page.locator('.answer').textContent()).toBe('');
    await answer(page, 'slow', READ);
    await confirm.click();
    await expect
      .poll(() => page.locator('.answer').textContent(), LONG)
      .toContain('this token may only read');
    expect(await liveState(one.db, 'search')).toMatchObject({ percentage: 50, active: true });
    await page.getByLabel('Admin token').fill(ADMIN);
    await confirm.click();
    await expect.poll(() => page.locator('#f-search .sentence').textContent(), LONG).toContain('Rolled back');
    expect(await liveState(one.db, 'search')).toMatchObject({ active: false });
    await context.close();
  });

  it('the page says that the outcome is unknown when no answer comes, and shows the command for a terminal', async () => {
    const { page, context } = await opened();
    await page.route('**/api/admin/**', (route) => route.abort());
    await page.getByRole('button', { name: 'Stop quiet', exact: true }).click();
    await answer(page, 'fire', ADMIN);
    await page.getByRole('dialog').getByRole('button', { name: 'Stop quiet' }).click();
    await expect
      .poll(() => page.locator('.answer').textContent(), LONG)
      .toContain('may or may not be done. Use a terminal: rollout stop quiet --reason "..."');
    await context.close();
  });

  it('the page offers actions only on a server with admin routes, and its commands can always be copied', async () => {
    const { page, context } = await opened({ adminToken: null });
    expect(await page.locator('#f-quiet .act').first().isVisible()).toBe(false);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator('#f-quiet .copy').last().click();
    await page.locator('#f-quiet .copy', { hasText: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('rollout stop quiet --reason "..."');
    await context.close();
  });
});
