import { createHash } from 'node:crypto';
import { gravestFirst } from '../../domain/report/gravest-first.ts';
import type { ReportData, ReportFeature } from '../../domain/report/report.ts';
import { chartData } from './chart-data.ts';
import { featureSection, foldedSection } from './feature.ts';
import { html, jsonForScript } from './html.ts';
import { banners, footer, header, needsSomebody, overview } from './overview.ts';
import { packedParts } from './packed.ts';

/** Embedded parts of the page, as text; read by the caller. */
export interface PageAssets {
  /** Script and style of uPlot. */
  chartScript: string;
  chartStyle: string;
  /** The page's own script and style. */
  script: string;
  style: string;
  /** Scripts of a served page: it updates itself, and shows its age. */
  liveScripts: readonly string[];
}

/** The age of the page; outside of the updated part, so that it is shown even if updates fail. */
const PILL = `<p id="live" class="live wait" role="status" hidden>connecting</p>`;

export interface PageOptions {
  /** Address of server-sent events: the page reloads its data with every event. Null: it is static. */
  live?: string | null;
  /** Address of the routes for a stop and a rollback. Null: the page changes nothing. */
  act?: string | null;
  /** True: a proxy verifies the person, so no token is needed. Default: false. */
  proved?: boolean;
}

/**
 * Builds the status page: one file that needs no network, and no script for its essentials. Everything from a file or a
 * person is escaped, and a policy allows only the page's own content to run.
 */
export function statusPage(data: ReportData, assets: PageAssets, options: PageOptions = {}): string {
  const live = options.live ?? null;
  const scripts = [assets.chartScript, assets.script, ...(live === null ? [] : assets.liveScripts)];
  const style = `${assets.chartStyle}\n${assets.style}`;
  const title = html`Rollouts${data.environment !== null && ` · ${data.environment}`}`;
  const folded = foldedOf(data.features);
  const charts = jsonForScript({
    now: Math.round(data.generated_at.getTime() / 1_000),
    live,
    act: options.act ?? null,
    proved: options.proved ?? false,
    features: data.features.filter((one) => !folded.has(one)).map((feature) => chartData(data, feature)),
  });
  // A served page loads folded parts when somebody opens them.
  const packed = live !== null || folded.size === 0 ? '' : packedParts(data, [...folded]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(scripts, style, live !== null)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title.text}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">To the features</a>
${live === null ? '' : PILL}
${body(data, folded)}
<script type="application/json" id="data">${charts}</script>
${packed === '' ? '' : `<script type="text/plain" id="parts">${packed}</script>`}
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
}

/** With more features than this, those that need no person are folded. */
const MANY = 20;

function foldedOf(features: readonly ReportFeature[]): ReadonlySet<ReportFeature> {
  return new Set(features.length > MANY ? features.filter((one) => !needsSomebody(one)) : []);
}

function body(data: ReportData, folded: ReadonlySet<ReportFeature>): string {
  const sorted = gravestFirst(data.features);
  const features = sorted.map((feature) =>
    folded.has(feature) ? foldedSection(data, feature) : featureSection(data, feature),
  );
  const main =
    features.length === 0
      ? html`<section class="empty"><h2>No features</h2><p>They appear here when <code>rollout reconcile</code> has applied a <code>rollout.yaml</code>; archived ones are not listed. Begin with <code>rollout init</code> and <code>rollout plan</code>.</p></section>`
      : html`${overview(sorted)}<section aria-labelledby="features-title"><h2 id="features-title" class="hidden">Each feature</h2>${features}</section>`;
  return html`<div id="page">${header(data)}<main id="main" tabindex="-1">${banners(data)}${main}</main>${footer(data)}</div>`
    .text;
}

/**
 * Allows only this page's own scripts and style, by their hashes, and no connection, except to its own server if the
 * page is live.
 */
function policyOf(scripts: readonly string[], style: string, live: boolean): string {
  return [
    `default-src 'none'`,
    `script-src ${scripts.map(hashOf).join(' ')}`,
    `style-src ${hashOf(style)}`,
    `img-src data:`,
    ...(live ? [`connect-src 'self'`] : []),
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
