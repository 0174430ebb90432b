/** Largest number of bars in a readable chart. */
const MOST_BARS = 24;

/** One feature of a chart: percentages of all subjects that are in. */
export interface Bar {
  /** A key of the file: letters, digits, `_` and `-`; a feature with any other key is left out. */
  feature: string;
  before: number;
  after: number;
}

/** Draws a Mermaid chart, before as bars and after as a line; empty without features. */
export function exposureChart(title: string, bars: readonly Bar[]): string {
  const shown = bars.slice(0, MOST_BARS);
  if (shown.length === 0) return '';
  const list = (values: readonly (string | number)[]) => `[${values.join(', ')}]`;
  const more = bars.length > shown.length ? ` (the first ${shown.length} of ${bars.length})` : '';
  return [
    '```mermaid',
    'xychart-beta',
    `  title "${title}${more}"`,
    `  x-axis ${list(shown.map(({ feature }) => `"${feature.replace(/[^A-Za-z0-9_-]/g, '?')}"`))}`,
    '  y-axis "% of subjects" 0 --> 100',
    `  bar ${list(shown.map(({ before }) => rounded(before)))}`,
    `  line ${list(shown.map(({ after }) => rounded(after)))}`,
    '```',
    '',
  ].join('\n');
}

function rounded(percent: number): number {
  return Math.round(percent * 100) / 100;
}
