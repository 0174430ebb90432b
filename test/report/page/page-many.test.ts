import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readReport } from '../../../src/app/views/report.ts';
import { readPageAssets } from '../../../src/compose/environment/page-assets.ts';
import type { ReportData } from '../../../src/domain/report/report.ts';
import { partOf } from '../../../src/report/page/feature.ts';
import { type PageAssets, statusPage } from '../../../src/report/page/page.ts';
import type { OpenBrowser } from '../../helpers/browser/browser.ts';
import { liveServer } from '../../helpers/browser/live-server.ts';
import { ask, openPage, violations } from '../../helpers/browser/page.ts';
import { testBrowser } from '../../helpers/browser/test-browser.ts';
import { tenFeatures } from '../../helpers/reports/ten-features.ts';

let opened: OpenBrowser;
let browser: Browser;
let assets: PageAssets;
let data: ReportData;

const OWNERS = ['@acme/data', '@acme/web', null];

beforeAll(async () => {
  opened = await testBrowser();
  browser = opened.browser;
  assets = await readPageAssets();
  const one = await tenFeatures();
  const ten = await readReport(one.controller, { showNames: true });
  // Sixty of the ten states, so six of each: names, owners and moments are their own.
  const features = Array.from({ length: 6 }, (_, round) =>
    ten.features.map((feature, i) => ({
      ...feature,
      feature: `${feature.feature}_${round}`,
      owner: OWNERS[(round + i) % OWNERS.length] ?? null,
      since: new Date(feature.since.getTime() - round * 1_000),
    })),
  ).flat();
  data = { ...ten, features };
});

afterAll(() => opened?.close());

const lines = (page: Page) => page.locator('.overview > [data-listed]:not([hidden]) .name').allInnerTexts();

describe('a page of sixty features', () => {
  it('the page of sixty features shows features that need attention in full and folds the others', async () => {
    const { page, context, troubles } = await openPage(browser, statusPage(data, assets));
    expect(await page.locator('main > section > article.feature').count()).toBe(24);
    const folds = page.locator('details.fold');
    expect(await folds.count()).toBe(36);
    expect(await folds.first().getAttribute('open')).toBeNull();
    expect(await page.locator('#f-review_hints_3 .sentence').textContent()).toContain('10%');
    expect(troubles).toEqual([]);
    await context.close();
  });

  it('an opened fold is filled with the rest of its feature, with charts drawn from the same data', async () => {
    const { page, context, troubles } = await openPage(browser, statusPage(data, assets));
    const fold = page.locator('#f-hybrid_progressive_capture_2-fold');
    expect(await fold.locator('.facts').count()).toBe(0);
    await fold.locator('summary').first().click();
    await fold.locator('.facts').waitFor();
    const packed = data.features.find(({ feature }) => feature === 'hybrid_progressive_capture_2');
    if (packed === undefined) throw new Error('the feature is not there');
    const { html, charts } = partOf(data, packed);
    expect(await fold.locator('[data-part]').innerHTML()).toContain('class="ladder"');
    expect(html).toContain('class="ladder"');
    await fold.locator('figure.exposure.drawn canvas').waitFor();
    const drawn = await ask<{ at: number[]; scores: number[] }>(page, 'lastDrawn');
    expect(drawn.at).toEqual(charts.rates.at);
    expect(drawn.scores).toEqual(charts.scores.at);
    expect(troubles).toEqual([]);
    await context.close();
  });

  it('a link to a feature opens its fold, with and without scripts', async () => {
    const { page, context } = await openPage(browser, statusPage(data, assets));
    await page.locator('#f-review_hints_3-link').click();
    await page.locator('#f-review_hints_3 .facts').waitFor();
    await context.close();
    const still = await openPage(browser, statusPage(data, assets), { javaScriptEnabled: false });
    await still.page.locator('#f-review_hints_3-link').click();
    expect(await still.page.locator('#f-review_hints_3 .sentence').isVisible()).toBe(true);
    await still.context.close();
  });

  it('the page of sixty features is searched by name, owner and state, and sorted, by keyboard alone', async () => {
    const { page, context } = await openPage(browser, statusPage(data, assets));
    const gravest = await lines(page);
    await page.keyboard.press('/');
    await page.keyboard.type('review_h');
    expect(await lines(page)).toHaveLength(6);
    expect(await page.locator('#found').textContent()).toBe('6 of 60 features');
    expect(await page.locator('.feature:not([hidden])').count()).toBe(6);
    await page.locator('#find').fill('acme/web hints');
    const web = data.features.filter(
      ({ feature, owner }) => owner === '@acme/web' && feature.startsWith('review_hints'),
    );
    expect((await lines(page)).sort()).toEqual(web.map(({ feature }) => feature).sort());
    await page.locator('#find').fill('nothing of ours');
    expect(await page.locator('#found').textContent()).toBe('No feature is like that.');
    await page.locator('#find').fill('');
    await page.getByRole('button', { name: 'held 6' }).press('Enter');
    expect((await lines(page)).every((name) => name.startsWith('workspace_cache'))).toBe(true);
    await page.getByRole('button', { name: 'held 6' }).press('Enter');
    await page.locator('#order').selectOption('name');
    expect(await lines(page)).toEqual(data.features.map(({ feature }) => feature).sort());
    await page.locator('#order').selectOption('');
    expect(await lines(page)).toEqual(gravest);
    await context.close();
  });

  it('the page of sixty features has no axe violation with open folds and an active search', async () => {
    const { page, context } = await openPage(browser, statusPage(data, assets));
    await page.locator('#f-review_hints_3-link').click();
    await page.locator('#f-review_hints_3 .facts').waitFor();
    await page.locator('#find').fill('hints');
    expect(await violations(page)).toEqual([]);
    await context.close();
  });

  it('a renewed page of sixty features keeps the search, the order and the open folds, and refetches these', async () => {
    let eligible = 1_000;
    const now = () => {
      const features = data.features.map((one) => ({ ...one, eligible, total: 100_000 }));
      return { ...data, features };
    };
    const asked: string[] = [];
    const server = await liveServer(
      (live) => statusPage(now(), assets, { live }),
      (path) => {
        const key = /^\/page\/features\/(\w+)$/.exec(path)?.[1];
        const feature = now().features.find((one) => one.feature === key);
        if (key === undefined || feature === undefined) return null;
        asked.push(key);
        return JSON.stringify(partOf(now(), feature));
      },
    );
    const context = await browser.newContext({ locale: 'en-US' });
    const page = await context.newPage();
    await page.goto(server.address);
    await page.locator('#find').fill('hints');
    await page.locator('#order').selectOption('name');
    await page.locator('#f-review_hints_3-fold summary').first().click();
    await page.locator('#f-review_hints_3 .facts').getByText('1,000 of 100,000').waitFor();
    await page.locator('#f-review_hints_3-history summary').click();
    await page.locator('#find').focus();
    eligible = 2_000;
    server.tell();
    await page.locator('#f-review_hints_3 .facts').getByText('2,000 of 100,000').waitFor();
    expect(await page.locator('#find').inputValue()).toBe('hints');
    expect(await ask(page, 'focusedId')).toBe('find');
    expect(await lines(page)).toEqual([0, 1, 2, 3, 4, 5].map((round) => `review_hints_${round}`));
    expect(await page.locator('#f-review_hints_3-history').getAttribute('open')).not.toBeNull();
    expect(new Set(asked)).toEqual(new Set(['review_hints_3']));
    await context.close();
    server.close();
  });
});
