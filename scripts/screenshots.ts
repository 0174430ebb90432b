/**
 * Writes the pictures of the documentation, docs/images/, in a real browser: the status page after nine days in which
 * scripts/lives.ts ran features on a real database, under the clock of Debian's package faketime. That took 27 minutes on two
 * cores at a load of 30.
 *
 *   npx tsx scripts/screenshots.ts [page.html, to show a page that is there]
 */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from '../test/helpers/browser/browser.ts';
import { drawCharts, openPage } from '../test/helpers/browser/page.ts';

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

/** More than the nine days of the lives: before them features are written, and the clock never goes back. */
const FIRST_SECONDS = 10 * 86_400;

const [page] = process.argv.slice(2);
await shoot(page === undefined ? await livedPage() : readFileSync(page, 'utf8'));

async function livedPage(): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rollout-screenshots-')));
  // Run by root, the database has a user of its own, who reads the clock.
  chmodSync(folder, 0o755);
  try {
    const clock = join(folder, 'clock');
    writeFileSync(clock, `-${FIRST_SECONDS}\n`);
    const world = join(folder, 'world');
    await run(['--import', 'tsx', join(import.meta.dirname, 'lives.ts'), world], {
      ...process.env,
      ...{ LD_PRELOAD: faketime(), FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: '1' },
      ...{ FAKETIME_DISABLE_SHM: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' },
      ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
      ...{ GIT_AUTHOR_NAME: 'Mara', GIT_AUTHOR_EMAIL: 'mara@example.com' },
      ...{ GIT_COMMITTER_NAME: 'Mara', GIT_COMMITTER_EMAIL: 'mara@example.com' },
    });
    return readFileSync(join(world, 'page.html'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function faketime(): string {
  const library = readdirSync('/usr/lib')
    .map((name) => join('/usr/lib', name, 'faketime/libfaketime.so.1'))
    .find((path) => existsSync(path));
  if (library === undefined) throw new Error('libfaketime is not installed; run: apt-get install faketime');
  return library;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`lives.ts ended with ${code}`))));
  });
}

async function shoot(markup: string): Promise<void> {
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
}
