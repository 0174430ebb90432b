import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import type pg from 'pg';
import { reconcile } from '../../src/app/reconcile/reconcile.ts';
import { readReport } from '../../src/app/views/report.ts';
import { readPageAssets } from '../../src/compose/environment/page-assets.ts';
import type { ReportData } from '../../src/domain/report/report.ts';
import { words } from '../../src/report/kept.ts';
import { reportMarkdown } from '../../src/report/markdown/report-markdown.ts';
import { type PageAssets, statusPage } from '../../src/report/page/page.ts';
import { createStore } from '../../src/store/store.ts';
import { openWorkingTree } from '../../src/worktree/working-tree.ts';
import { openBrowser } from '../helpers/browser/browser.ts';
import { drawCharts, openPage } from '../helpers/browser/page.ts';
import { inventPast, type PastFeature } from '../helpers/reports/report-world.ts';
import { withDatabase } from './database.ts';
import { once } from './table.ts';

/**
 * The report of ten features with a year of history, a check every 15 minutes of it, and outcomes of 90 days: reading,
 * writing the page, its size, and opening it in a browser. The same of 200 features, and searching among them.
 *
 *   npx tsx test/bench/report.ts
 */
const FEATURES = Array.from({ length: 10 }, (_, i) => `feature_${i}`);
const STEPS = [10, 25, 50, 75, 100];
const MANY = 200;
const OPENINGS = 5;

/** A page that is loaded need not be painted yet: the entry is waited for. */
const FIRST_PAINT = `new Promise((done) => {
  const seen = (list) => list.getEntriesByName('first-contentful-paint')[0];
  const observer = new PerformanceObserver((list) => seen(list) && done(seen(list).startTime));
  observer.observe({ type: 'paint', buffered: true });
})`;

/** Types a word and waits until what is found is painted; milliseconds. */
const searching = (word: string) => `(async () => {
  const field = document.getElementById('find');
  const begun = performance.now();
  field.value = ${JSON.stringify(word)};
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - begun;
})()`;

const past: PastFeature[] = FEATURES.map((feature) => ({
  feature,
  past: STEPS.map((percentage, i) => ({
    ...{ daysAgo: 365 - i * 60, percentage, action: i === 0 ? 'created' : 'advanced' },
    reason: 'healthy for the whole soak',
  })),
  ...{ jobsPerHour: 300, errorRate: 1.2 },
}));

const table = new Table({ head: ['ten features, a year', ''], style: { head: [], border: [] } });
await withDatabase(async (pool) => {
  await fill(pool);
  const deps = { store: createStore(pool) };
  await readReport(deps, { simulate: false }); // the first is to warm up
  table.push([
    'reading, without simulating soaks',
    text(await once(() => readReport(deps, { simulate: false }))),
  ]);
  table.push(['reading, with advice about soaks', text(await once(() => readReport(deps)))]);
  const data = await readReport(deps);
  const assets = await readPageAssets();
  const written = await once(async () => statusPage(data, assets));
  const page = statusPage(data, assets);
  table.push(['writing the page', text(written)]);
  table.push(['size of the page', `${(Buffer.byteLength(page) / 1e6).toFixed(2)} MB`]);
  table.push(['size of the markdown', `${(Buffer.byteLength(reportMarkdown(data)) / 1e3).toFixed(0)} kB`]);
  table.push(...(await opening(page)));
  await many(data, assets);
});
console.log(`load ${loadavg()[0]?.toFixed(0)}\n${table.toString()}`);

async function fill(pool: pg.Pool): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rollout-report-'));
  const file = join(folder, 'rollout.yaml');
  const spec = { percentage: 100, steps: 'playbook' };
  writeFileSync(
    file,
    JSON.stringify({ version: 1, features: Object.fromEntries(FEATURES.map((name) => [name, spec])) }),
  );
  const deps = { store: createStore(pool), repository: await openWorkingTree(file), words };
  await reconcile(deps, { actor: 'bench', allowRewind: false, revision: null });
  await inventPast(pool, past);
  rmSync(folder, { recursive: true, force: true });
}

/** The same ten under two hundred names: each packs apart, because gzip sees no further than the one beside it. */
async function many(data: ReportData, assets: PageAssets): Promise<void> {
  const features = Array.from({ length: MANY }, (_, i) => {
    const one = data.features[i % data.features.length];
    if (one === undefined) throw new Error('there is no feature');
    return { ...one, feature: `feature_${i}` };
  });
  const all = { ...data, features };
  table.push(['200 features: writing the file', text(await once(async () => statusPage(all, assets)))]);
  const file = statusPage(all, assets);
  const served = statusPage(all, assets, { live: '/api/events' });
  table.push(['200 features: size of the file', `${(Buffer.byteLength(file) / 1e6).toFixed(2)} MB`]);
  table.push(['200 features: size of the served page', `${(Buffer.byteLength(served) / 1e6).toFixed(2)} MB`]);
  const { browser, close } = await openBrowser();
  await openPage(browser, file); // the first is to warm up
  for (const [name, markup] of [
    ['file', file],
    ['served page', served],
  ] as const) {
    const paints: number[] = [];
    for (let n = 0; n < OPENINGS; n++) {
      const { page, context } = await openPage(browser, markup);
      paints.push(await page.evaluate<number>(FIRST_PAINT));
      await context.close();
    }
    table.push([`200 features: first paint of the ${name}`, text(median(paints))]);
  }
  const { page } = await openPage(browser, file);
  const searches: number[] = [];
  for (const word of ['feature_1', 'feature_17', 'nothing', '']) {
    searches.push(await page.evaluate<number>(searching(word)));
  }
  table.push(['200 features: searching, until the list is painted', text(median(searches))]);
  const fold = page.locator('details.fold').last();
  const unfolded = async () => {
    await fold.locator('summary').first().click();
    await fold.locator('.charts').waitFor();
  };
  table.push(['200 features: unpacking, at the first fold', text(await once(unfolded))]);
  await close();
}

async function opening(page: string): Promise<[string, string][]> {
  const { browser, close } = await openBrowser();
  await openPage(browser, page); // the first is to warm up
  const first = await once(() => openPage(browser, page));
  const { page: opened } = await openPage(browser, page);
  const drawn = await once(() => drawCharts(opened));
  await close();
  return [
    ['opening it in Chromium, until it is loaded', text(first)],
    ['scrolling through it, until all 30 charts are drawn', text(drawn)],
  ];
}

function text(ms: number): string {
  return `${Math.round(ms)} ms`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
