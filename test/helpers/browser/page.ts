import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** A page that was opened in a browser, and everything that must not happen on it. */
export interface OpenPage {
  context: BrowserContext;
  page: Page;
  /** Errors of scripts, messages of the console, dialogs, and addresses that were asked for. */
  troubles: string[];
}

/** Opens markup as a file would be opened: at an address of its own, with every other one refused. */
export async function openPage(
  browser: Browser,
  markup: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options });
  const troubles: string[] = [];
  await context.route('**', (route) => {
    const url = route.request().url();
    if (url === ADDRESS) return route.fulfill({ contentType: 'text/html; charset=utf-8', body: markup });
    troubles.push(`asked for ${url}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('console', (message) => troubles.push(`console: ${message.text()}`));
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  await page.goto(ADDRESS);
  return { context, page, troubles };
}

const ADDRESS = 'http://page.test/';

/** Scrolls past every chart, because they are drawn when somebody comes near. */
export async function drawCharts(page: Page): Promise<void> {
  for (const figure of await page.locator('figure.chart').all()) await figure.scrollIntoViewIfNeeded();
  await page.waitForFunction(`document.querySelector('figure.chart:not(.drawn)') === null`);
}

/** What axe finds wrong, each in a line. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return ask<string[]>(page, 'violations');
}

/** Asks the document one of the questions of `in-page.js`, past the policy of the page, which lets no script run. */
export async function ask<T>(page: Page, question: string): Promise<T> {
  await page.evaluate(IN_PAGE);
  return page.evaluate(`inPage.${question}()`) as Promise<T>;
}

const AXE = axe.source;
const IN_PAGE = readFileSync(join(import.meta.dirname, 'in-page.js'), 'utf8');
