import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readReport } from '../../../src/app/views/report.ts';
import { readPageAssets } from '../../../src/compose/environment/page-assets.ts';
import { differenceSeries } from '../../../src/domain/report/difference-series.ts';
import type { ReportData } from '../../../src/domain/report/report.ts';
import { type PageAssets, statusPage } from '../../../src/report/page/page.ts';
import { nextSentence, stateSentence } from '../../../src/report/words/feature-sentence.ts';
import type { OpenBrowser } from '../../helpers/browser/browser.ts';
import { ask, drawCharts, openPage, violations } from '../../helpers/browser/page.ts';
import { testBrowser } from '../../helpers/browser/test-browser.ts';
import { project } from '../../helpers/projects/project.ts';
import { tenFeatures } from '../../helpers/reports/ten-features.ts';

let opened: OpenBrowser;
let browser: Browser;
let assets: PageAssets;
let data: ReportData;
let markup: string;

const PHONE = { viewport: { width: 360, height: 740 } };

beforeAll(async () => {
  opened = await testBrowser();
  browser = opened.browser;
  assets = await readPageAssets();
  const one = await tenFeatures();
  data = await readReport(one.controller, {
    repositoryUrl: 'https://github.com/acme/rollouts',
    showNames: true,
  });
  data = {
    ...data,
    features: data.features.map((one) =>
      one.feature === 'workspace_cache' ? { ...one, difference: tenPointsWorse(data.generated_at) } : one,
    ),
  };
  markup = statusPage(data, assets);
});

/** A day in which treatment failed ten percentage points more often. */
function tenPointsWorse(now: Date) {
  const slot = Array.from({ length: 24 }, (_, hour) => hour);
  const column = (arm: 'treatment' | 'control', failed: number) => {
    const [spans, share] = [slot.map(() => 50), slot.map(() => failed)];
    return { arm, category: 'small', slot, spans, failed: share, jobs: spans };
  };
  const since = new Date(now.getTime() - 24 * 3_600_000);
  return differenceSeries(
    { since, every: 3_600, columns: [column('treatment', 6), column('control', 1)] },
    6,
  );
}

afterAll(() => opened?.close());

/** The page of this report with one thing changed. */
function pageOf(change: Partial<ReportData>): string {
  return statusPage({ ...data, ...change }, assets);
}

describe('the status page in a browser', () => {
  it('the status page shows every state in a word and a sentence, without an error, a dialog or a request', async () => {
    const { page, context, troubles } = await openPage(browser, markup);
    await drawCharts(page);
    for (const one of data.features) {
      const { feature, next } = one;
      const article = page
        .locator('article.feature')
        .filter({ has: page.getByRole('heading', { name: feature, exact: true }) });
      const text = (await article.allInnerTexts()).join(' ').replace(/\s+/g, ' ');
      expect(text).toContain(stateSentence(one).replace(/\s+/g, ' '));
      expect(text).toContain(nextSentence(feature, next).replace(/\s+/g, ' '));
    }
    const words = await page.locator('article.feature .badge').allInnerTexts();
    expect(words).toEqual([
      ...['stopped', 'held', 'suspect', 'warning', 'paused'],
      ...['no data', 'gathering', 'soaking', 'healthy', 'off'],
    ]);
    expect(troubles).toEqual([]);
    await context.close();
  });

  it('the status page’s charts draw lines and marks where there is data, and none where there is none', async () => {
    const { page, context } = await openPage(browser, markup);
    await drawCharts(page);
    const inks = await ask<Record<string, object>>(page, 'inks');
    // What was failed, the limit, the mark of the incident, and the checks, each in a colour of its own.
    expect(inks['f-workspace_cache rates']).toMatchObject({
      treatment: true,
      limit: true,
      warning: true,
      good: true,
    });
    expect(inks['f-workspace_cache difference']).toMatchObject({ treatment: true });
    expect(inks['f-workspace_cache scores']).toMatchObject({ treatment: true, limit: true });
    expect(inks['f-workspace_cache times']).toMatchObject({ treatment: true, control: true, limit: false });
    // Nothing was ever judged or run there.
    expect(inks['f-partner_invites rates']).toMatchObject({ treatment: false });
    expect(Object.keys(inks).filter((key) => key.startsWith('f-dark_launch'))).not.toContain(
      'f-dark_launch times',
    );
    await context.close();
  });

  it.each([
    ['light on a desk', { colorScheme: 'light' }],
    ['dark on a phone', { colorScheme: 'dark', ...PHONE }],
  ] as const)(
    'the fully unfolded status page has no axe violation, %s',
    async (_where, options) => {
      const { page, context } = await openPage(browser, markup, options);
      await drawCharts(page);
      await ask(page, 'unfold');
      expect(await violations(page)).toEqual([]);
      await context.close();
    },
    180_000,
  );

  it('the status page does not scroll sideways on a phone, nor with large text', async () => {
    const { page, context } = await openPage(browser, markup, PHONE);
    await drawCharts(page);
    await ask(page, 'unfold');
    expect(await ask(page, 'width')).toBe(360);
    await ask(page, 'enlarge');
    expect(await ask(page, 'width')).toBe(360);
    await context.close();
  });

  it('the status page shows the essentials and static charts without scripts', async () => {
    const { page, context } = await openPage(browser, markup, { javaScriptEnabled: false });
    const held = page.locator('#f-workspace_cache');
    expect((await held.allInnerTexts()).join()).toContain('31 of 214 failed (14.49%)');
    expect(await held.locator('.rates .still').isVisible()).toBe(true);
    expect(await held.locator('.exposure .still').isVisible()).toBe(true);
    expect(await held.locator('.difference .still .band').count()).toBe(1);
    expect((await held.locator('.difference .about').allInnerTexts()).join()).toContain('decides nothing');
    // Two raises; the fall is the incident's.
    expect(await held.locator('.rates .mark').count()).toBe(3);
    expect(await held.locator('.rates .mark.incident').count()).toBe(1);
    expect(await held.locator('.rates .check.level4').count()).toBe(1);
    expect(await page.locator('#theme').isVisible()).toBe(false);
    await context.close();
  });

  it('the status page works by keyboard: its skip link, ranges, folds and theme', async () => {
    const { page, context } = await openPage(browser, markup);
    await page.keyboard.press('Tab');
    expect(await ask(page, 'focused')).toBe('To the features');
    const range = page.locator('#f-incremental_sync .ranges button').first();
    await page.locator('#f-incremental_sync .exposure').scrollIntoViewIfNeeded();
    await range.focus();
    await page.keyboard.press('Enter');
    expect(await range.getAttribute('aria-pressed')).toBe('true');
    const history = page.locator('#f-incremental_sync-history');
    await history.locator('summary').focus();
    await page.keyboard.press('Enter');
    expect(await history.getAttribute('open')).not.toBeNull();
    await page.locator('#theme').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    expect(await ask(page, 'scheme')).toBe('dark');
    await context.close();
  });

  it('the status page links only to commits and pull requests of the repository', async () => {
    const { page, context } = await openPage(browser, markup);
    const links = await page
      .locator('a[href]')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    const outside = links.filter((href) => !href.startsWith('#'));
    expect(outside).toContain('https://github.com/acme/rollouts/pull/214');
    expect(
      outside.some((href) => /^https:\/\/github\.com\/acme\/rollouts\/commit\/[0-9a-f]{32}$/.test(href)),
    ).toBe(true);
    expect(outside.every((href) => href.startsWith('https://github.com/acme/rollouts/'))).toBe(true);
    await context.close();
  });

  it('the status page begins with a stop of everything, a silent controller and a freeze', async () => {
    const at = new Date(data.generated_at.getTime() - 3_600_000);
    const { page, context, troubles } = await openPage(
      browser,
      pageOf({
        global_stop: { reason: 'fire <b>in</b> the house', by: 'mara', at },
        ...{ heartbeat: at, heartbeat_stale: true },
        freeze: { from: '2026-12-20', to: '2027-01-03', reason: 'holidays' },
      }),
    );
    const banners = await page.locator('.banner').allInnerTexts();
    expect(banners).toEqual([
      expect.stringContaining('Everything is stopped'),
      expect.stringContaining('The controller is silent'),
      expect.stringContaining('Freeze until 2027-01-03: holidays'),
    ]);
    expect(banners[0]).toContain('fire <b>in</b> the house');
    expect(await violations(page)).toEqual([]);
    expect(troubles).toEqual([]);
    await context.close();
  });

  it('the status page says what to do where there is no feature yet', async () => {
    const nothing = await project();
    const { page, context, troubles } = await openPage(
      browser,
      statusPage(await readReport(nothing.controller), assets),
    );
    expect((await page.locator('main').allInnerTexts()).join()).toContain('No features');
    expect(await violations(page)).toEqual([]);
    expect(troubles).toEqual([]);
    await context.close();
  });
});
