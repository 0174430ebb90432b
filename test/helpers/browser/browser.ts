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
  const folder = await mkdtemp(join(tmpdir(), 'rollout-browser-'));
  const browser = await launchIn(folder);
  const close = async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { browser, close };
}

/** Unpacks what `launchIn` would unpack there. */
export async function unpackInto(folder: string): Promise<void> {
  await inTemporary(folder, executablePath);
}

/** Starts the browser that is unpacked in a folder, or is unpacked there now. */
export function launchIn(folder: string): Promise<Browser> {
  return inTemporary(folder, async () =>
    chromium.launch({
      executablePath: await executablePath(),
      // Its own arguments are for functions in a cloud: one process, and no security of the web.
      args: ['--no-sandbox', '--hide-scrollbars', '--force-color-profile=srgb'],
      headless: true,
    }),
  );
}

async function executablePath(): Promise<string> {
  const { default: packed } = await import('@sparticuz/chromium');
  return packed.executablePath();
}

/** The package unpacks into the temporary folder, and takes whatever of that name it finds there. */
async function inTemporary<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
