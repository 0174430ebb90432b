/**
 * Writes the pictures of the documentation, docs/images/: the status page of ten invented features, in a real browser.
 *
 *   npx tsx scripts/screenshots.ts
 */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { reconcile } from '../src/app/reconcile/reconcile.ts';
import { readReport } from '../src/app/views/report.ts';
import { openController } from '../src/compose/controller.ts';
import { migrateDatabase } from '../src/compose/environment/database.ts';
import { readPageAssets } from '../src/compose/environment/page-assets.ts';
import { statusPage } from '../src/report/page/page.ts';
import { useEmbedded } from '../src/store/embedded/embedded.ts';
import { openBrowser } from '../test/helpers/browser/browser.ts';
import { drawCharts, openPage } from '../test/helpers/browser/page.ts';
import { inventTenFeatures } from '../test/helpers/reports/report-features.ts';

const IMAGES = join(import.meta.dirname, '../docs/images');
const DESK = { viewport: { width: 960, height: 560 } };
const PHONE = { viewport: { width: 390, height: 560 } };

/** Name, size, theme, and the part of the page with the height that is shown of it; without one, what is seen first. */
const SHOTS = [
  ['overview-light', DESK, 'light', null],
  ['soaking-dark', DESK, 'dark', { part: '#f-hybrid_progressive_capture', height: 480 }],
  ['held-light', DESK, 'light', { part: '#f-workspace_cache', height: 560 }],
  ['phone-dark', PHONE, 'dark', null],
] as const;

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rollout-screenshots-')));
chmodSync(folder, 0o755);
const embedded = await useEmbedded(join(folder, 'server'), { durable: false });
try {
  const markup = await tenFeaturesPage(embedded.connectionString);
  mkdirSync(IMAGES, { recursive: true });
  const { browser, close } = await openBrowser();
  for (const [name, size, colorScheme, shown] of SHOTS) {
    const { page, context } = await openPage(browser, markup, { ...size, colorScheme });
    await drawCharts(page);
    await page.evaluate('scrollTo(0, 0)');
    const path = join(IMAGES, `${name}.png`);
    const box = shown && (await page.locator(shown.part).boundingBox());
    await page.screenshot({
      path,
      ...(box ? { clip: { ...box, height: shown.height }, fullPage: true } : {}),
    });
    await context.close();
  }
  await close();
} finally {
  await embedded.leave();
  rmSync(folder, { recursive: true, force: true });
}

async function tenFeaturesPage(connectionString: string): Promise<string> {
  const file = join(folder, 'rollout.yaml');
  await migrateDatabase(connectionString, () => {});
  const environment = { DATABASE_URL: connectionString };
  const controller = await openController({ file, environment, log: () => {} });
  const pool = new pg.Pool({ connectionString, max: 2 });
  try {
    await inventTenFeatures(pool, (text) => {
      writeFileSync(file, text);
      return reconcile(controller, { actor: 'mara', allowRewind: false, revision: null });
    });
    const data = await readReport(controller, { repositoryUrl: 'https://github.com/acme/rollouts' });
    return statusPage(data, await readPageAssets());
  } finally {
    await pool.end();
    await controller.close();
  }
}
