import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** A browser of its own, which `close` ends with everything that it unpacked. */
export interface OpenBrowser {
  browser: Browser;
  close(): Promise<void>;
}

/** Starts the Chromium that comes as an npm package: no download, and it runs as root. */
export async function openBrowser(): Promise<OpenBrowser> {
  // The package unpacks into the temporary folder, and takes whatever of that name it finds there.
  const folder = await mkdtemp(join(tmpdir(), 'rollout-browser-'));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    const { default: packed } = await import('@sparticuz/chromium');
    const browser = await chromium.launch({
      executablePath: await packed.executablePath(),
      // Its own arguments are for functions in a cloud: one process, and no security of the web.
      args: ['--no-sandbox', '--hide-scrollbars', '--force-color-profile=srgb'],
      headless: true,
    });
    const close = async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    };
    return { browser, close };
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
