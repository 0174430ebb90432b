import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readReport } from '../../../src/app/views/report.ts';
import { readPageAssets } from '../../../src/compose/environment/page-assets.ts';
import type { ReportFeature } from '../../../src/domain/report/report.ts';
import { type PageAssets, statusPage } from '../../../src/report/page/page.ts';
import type { OpenBrowser } from '../../helpers/browser/browser.ts';
import { ask, drawCharts, openPage, violations } from '../../helpers/browser/page.ts';
import { testBrowser } from '../../helpers/browser/test-browser.ts';
import { NOW, reportData, reportFeature, reportIncident } from '../../helpers/reports/report-data.ts';
import { tenFeatures } from '../../helpers/reports/ten-features.ts';

let opened: OpenBrowser;
let browser: Browser;
let assets: PageAssets;

beforeAll(async () => {
  opened = await testBrowser();
  browser = opened.browser;
  assets = await readPageAssets();
});

afterAll(() => opened?.close());

const hours = Array.from({ length: 24 }, (_, i) => NOW.getTime() / 1_000 - (24 - i) * 3_600);

/** A feature with a day behind it. */
function busy(feature: string, given: Partial<ReportFeature> = {}): ReportFeature {
  return reportFeature({
    feature,
    exposure: [
      { at: new Date((hours[0] ?? 0) * 1_000), percentage: 25, live: true, action: 'created', history: 1 },
    ],
    rates: {
      ...{
        at: hours,
        span: hours.map(() => 3_600),
        jobs: hours.map(() => 60),
        errors: hours.map((_, i) => i % 3),
      },
      ...{ control_jobs: hours.map(() => 60), control_errors: hours.map(() => 1) },
      ...{ mean_ms: hours.map(() => 900), control_mean_ms: hours.map(() => 950) },
    },
    difference: {
      since: new Date((hours[0] ?? 0) * 1_000),
      at: hours,
      difference: hours.map((_, i) => (i % 5) - 2),
      low: hours.map((_, i) => -30 + i),
      high: hours.map((_, i) => 30 - i),
      compared: 90,
    },
    ...given,
  });
}

const LONG = 'a_feature_with_a_name_that_somebody_made_of_a_hundred_characters_'.padEnd(100, 'x');
const ARABIC = 'إطلاق تدريجي للميزة الجديدة (التجربة 2)، للعملاء الأوائل فقط!';
const HEBREW = 'הפעלה הדרגתית של תכונה';
const JAPANESE = '新しい決済画面を段階的に公開する';

const CASES: Record<string, () => Partial<Parameters<typeof reportData>[0]>> = {
  'no feature': () => ({ features: [] }),
  'one feature': () => ({ features: [busy('checkout')] }),
  'ten features': () => ({ features: Array.from({ length: 10 }, (_, i) => busy(`feature_${i}`)) }),
  'two hundred features': () => ({ features: Array.from({ length: 200 }, (_, i) => busy(`feature_${i}`)) }),
  'names of a hundred characters': () => ({
    environment: 'e'.repeat(100),
    features: [busy(LONG, { owner: `@${'o'.repeat(99)}`, description: 'd'.repeat(100) })],
  }),
  'names in other scripts': () => ({
    environment: JAPANESE,
    names_shown: true,
    global_stop: { reason: ARABIC, by: HEBREW, at: NOW },
    features: [
      busy('arabic', { description: ARABIC, owner: HEBREW }),
      busy('japanese', {
        ...{ description: JAPANESE, owner: JAPANESE, state: 'held' },
        incidents: [reportIncident({ reason: ARABIC, opened_by: HEBREW })],
        lists: { whitelist: 2, blacklist: 1, names: { whitelist: [ARABIC, JAPANESE], blacklist: [HEBREW] } },
      }),
    ],
  }),
};

describe('the status page of', () => {
  it.each(Object.entries(CASES))(
    'the status page of %s has no axe violation and does not scroll sideways',
    async (_what, given) => {
      const markup = statusPage(reportData(given()), assets);
      for (const options of [
        { colorScheme: 'light' as const },
        { colorScheme: 'dark' as const, viewport: { width: 360, height: 740 } },
      ]) {
        const { page, context, troubles } = await openPage(browser, markup, options);
        await drawCharts(page);
        expect(await violations(page)).toEqual([]);
        expect(await ask(page, 'width')).toBe(options.viewport?.width ?? 1280);
        expect(troubles).toEqual([]);
        await context.close();
      }
    },
    240_000,
  );

  it('the status page of ten features is printed on at most five pages', async () => {
    const one = await tenFeatures();
    const data = await readReport(one.controller, { showNames: true });
    const { page, context } = await openPage(browser, statusPage(data, assets));
    await drawCharts(page);
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    const pages = pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(0);
    expect(pages).toBeLessThanOrEqual(5);
    await context.close();
  });

  it('the status page lays out lines in other scripts in their own direction', async () => {
    const given = CASES['names in other scripts']?.() ?? {};
    const { page, context } = await openPage(browser, statusPage(reportData(given), assets));
    expect(await page.locator('#f-arabic .about bdi').allInnerTexts()).toEqual([ARABIC, HEBREW]);
    await context.close();
  });
});
