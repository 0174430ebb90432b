import { onceARun } from '../run/once-a-run.ts';
import { launchIn, type OpenBrowser, unpackInto } from './browser.ts';

/** A browser of this test file; what it needs is unpacked once a run. */
export async function testBrowser(): Promise<OpenBrowser> {
  const browser = await launchIn(await onceARun('browser', unpackInto));
  return { browser, close: () => browser.close() };
}
