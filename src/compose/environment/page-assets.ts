import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../lib/package-root.ts';
import type { PageAssets } from '../../report/page/page.ts';

/**
 * Reads the embedded parts of the status page. A bundle has them in a folder `page` beside it; otherwise the page's own
 * files are in the repository's `assets`, and those of its libraries in their packages.
 */
export async function readPageAssets(): Promise<PageAssets> {
  const beside = join(import.meta.dirname, 'page');
  const bundled = existsSync(beside);
  const own = (name: string) =>
    readFile(join(bundled ? beside : join(packageRoot(), 'assets'), name), 'utf8');
  const foreign = (address: () => string, name: string) =>
    readFile(bundled ? join(beside, name) : join(dirname(fileURLToPath(address())), name), 'utf8');
  const chart = () => import.meta.resolve('uplot/dist/uPlot.min.css');
  const morph = () => import.meta.resolve('idiomorph/dist/idiomorph.min.js');
  const [chartScript, chartStyle, style, charts, parts, list, copy, ...liveScripts] = await Promise.all([
    foreign(chart, 'uPlot.iife.min.js'),
    foreign(chart, 'uPlot.min.css'),
    own('page.css'),
    own('page.js'),
    own('parts.js'),
    own('list.js'),
    own('copy.js'),
    foreign(morph, 'idiomorph.min.js'),
    own('patch.js'),
    own('live.js'),
    own('act.js'),
  ]);
  return { chartScript, chartStyle, script: [charts, parts, list, copy].join('\n'), style, liveScripts };
}
