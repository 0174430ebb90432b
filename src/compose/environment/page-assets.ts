import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../lib/package-root.ts';
import type { PageAssets } from '../../report/page/page.ts';

/**
 * What the status page carries in itself. A bundle has all five files in a folder `page` beside it; without one
 * the page's own are in the repository's `assets` and the chart's in its package.
 */
export async function readPageAssets(): Promise<PageAssets> {
  const beside = join(import.meta.dirname, 'page');
  const bundled = existsSync(beside);
  const own = bundled ? beside : join(packageRoot(), 'assets');
  const chart = bundled ? beside : dirname(fileURLToPath(import.meta.resolve('uplot/dist/uPlot.min.css')));
  const [chartScript, chartStyle, pageScript, liveScript, style] = await Promise.all([
    readFile(join(chart, 'uPlot.iife.min.js'), 'utf8'),
    readFile(join(chart, 'uPlot.min.css'), 'utf8'),
    readFile(join(own, 'page.js'), 'utf8'),
    readFile(join(own, 'live.js'), 'utf8'),
    readFile(join(own, 'page.css'), 'utf8'),
  ]);
  return { chartScript, chartStyle, script: `${pageScript}\n${liveScript}`, style };
}
