import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readReport } from '../../../src/app/views/report.ts';
import { readPageAssets } from '../../../src/compose/environment/page-assets.ts';
import type { ReportData, ReportFeature } from '../../../src/domain/report/report.ts';
import { DAY_SECONDS } from '../../../src/lib/time.ts';
import { type PageAssets, statusPage } from '../../../src/report/page/page.ts';
import type { OpenBrowser } from '../../helpers/browser/browser.ts';
import { liveServer } from '../../helpers/browser/live-server.ts';
import { ask, drawCharts } from '../../helpers/browser/page.ts';
import { testBrowser } from '../../helpers/browser/test-browser.ts';
import { tenFeatures } from '../../helpers/reports/ten-features.ts';
import { patience } from '../../helpers/run/pace.ts';

let opened: OpenBrowser;
let assets: PageAssets;
let data: ReportData;

beforeAll(async () => {
  opened = await testBrowser();
  assets = await readPageAssets();
  const one = await tenFeatures();
  data = await readReport(one.controller, { repositoryUrl: 'https://github.com/acme/rollouts' });
});

afterAll(() => opened?.close());

/** A served page, and a way to give it another state. */
async function watchedPage() {
  const server = await liveServer((live) => statusPage(data, assets, { live }));
  const context = await opened.browser.newContext({
    locale: 'en-US',
    viewport: { width: 1200, height: 900 },
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(server.address);
  await page.getByText('live', { exact: true }).waitFor();
  /** Shows `next`, and waits until the page does. */
  const show = async (next: Partial<ReportData>, name: string) => {
    server.change((live) => statusPage({ ...data, ...next, environment: name }, assets, { live }));
    server.tell();
    await page.locator('.environment').getByText(name, { exact: true }).waitFor();
  };
  const close = async () => {
    await context.close();
    server.close();
  };
  return { page, errors, show, close };
}

/** The report with one feature changed. */
function changed(key: string, change: (feature: ReportFeature) => Partial<ReportFeature>) {
  const features = data.features.map((one) => (one.feature === key ? { ...one, ...change(one) } : one));
  return { features };
}

const BUSY = '#f-incremental_sync';

/** What a person has done to the page: each of it must outlive a renewal. */
function attention(page: Page) {
  return ask<{ zoom: [number, number][] }>(page, 'attention');
}

/** Drags over the middle of the feature's first chart. */
async function zoomFirst(page: Page) {
  const over = page.locator(`${BUSY} figure.drawn .u-over`).first();
  await over.scrollIntoViewIfNeeded();
  const box = await over.boundingBox();
  if (box === null) throw new Error('the chart is not there');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.4, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 5 });
  await page.mouse.up();
}

/** A hundred renewals without waiting for the server to tell of them. */
const PATCH_OFTEN = (pages: readonly string[]) => `(async () => {
  const pages = ${JSON.stringify(pages).replaceAll('</', '<\\/')};
  for (let i = 0; i < 100; i += 1) {
    rolloutPage.patch(new DOMParser().parseFromString(pages[i % 2], 'text/html'));
    await new Promise((done) => setTimeout(done));
  }
})()`;

describe('a served page that is renewed', () => {
  it('a hundred renewals of the page keep focus, selection, folds, range and zoom, and draw new data', async () => {
    const { page, errors, show, close } = await watchedPage();
    await drawCharts(page);
    await page.locator(`${BUSY}-history summary`).click();
    await page.locator(`${BUSY} .ranges button`, { hasText: '7 d' }).click();
    await zoomFirst(page);
    await ask(page, 'selectSentence');
    await page.locator(`${BUSY}-history summary`).focus();
    const before = await attention(page);
    expect(before).toMatchObject({
      focused: 'f-incremental_sync-history',
      selected: expect.stringMatching(/\w+/),
      open: expect.arrayContaining(['f-incremental_sync-history']),
      range: '7 d',
    });
    expect(before.zoom).toHaveLength(4);
    const days = before.zoom.map(([min, max]) => (max - min) / DAY_SECONDS);
    expect(days[0]).toBeLessThan(3);
    expect(days.slice(1)).toEqual([7, 7, 7]);
    // With every second one a feature above it changes its state, and with it the order of all.
    const states = [1, 100].map((more) =>
      statusPage(
        {
          ...data,
          ...changed('size_bands', ({ state, eligible }) => ({
            state: more === 1 ? 'stopped' : state,
            eligible: eligible + more,
          })),
        },
        assets,
        { live: '/events' },
      ),
    );
    await page.evaluate(PATCH_OFTEN(states));
    await show(
      changed('size_bands', ({ eligible }) => ({ eligible: eligible + 100 })),
      'after a hundred',
    );
    expect(await attention(page)).toEqual(before);
    const moved = await page.locator('#f-size_bands .facts').textContent();
    const eligible = (data.features.find(({ feature }) => feature === 'size_bands')?.eligible ?? 0) + 100;
    expect(moved).toContain(`${eligible.toLocaleString('en-US')} of`);
    expect(errors).toEqual([]);
    await close();
  });

  it('a renewed page highlights only what changed, and only for a moment', async () => {
    const { page, show, close } = await watchedPage();
    await show({}, 'the same');
    expect(await ask(page, 'lit')).toEqual(['the same']);
    await show(
      changed('size_bands', () => ({ eligible: 77_777 })),
      'counted',
    );
    const lit = await ask<string[]>(page, 'lit');
    expect(lit).toContainEqual(expect.stringContaining('77,777 of'));
    expect(lit.every((text) => /counted|77,777|%/.test(text))).toBe(true);
    await expect.poll(() => ask(page, 'lit'), { timeout: patience(20_000) }).toEqual([]);
    await close();
  });

  it('a renewed page leaves folds as the person left them', async () => {
    const { page, show, close } = await watchedPage();
    const open = () => page.locator(`${BUSY}-history`).getAttribute('open');
    await page.locator(`${BUSY}-history summary`).click();
    await show({}, 'first');
    expect(await open()).not.toBeNull();
    await page.locator(`${BUSY}-history summary`).click();
    await show({}, 'second');
    expect(await open()).toBeNull();
    await close();
  });

  it('a renewed page adds new features and removes gone ones, with their charts', async () => {
    const { page, errors, show, close } = await watchedPage();
    await drawCharts(page);
    const [first, ...rest] = data.features;
    await show({ features: rest }, 'one less');
    expect(await page.locator('article.feature').count()).toBe(data.features.length - 1);
    await show({}, 'all again');
    await drawCharts(page);
    expect(await page.locator(`[id="f-${first?.feature}"] figure.drawn canvas`).count()).toBeGreaterThan(0);
    expect(errors).toEqual([]);
    await close();
  });
});
