/** Formats a markdown table; `r` in `sides` is a column of numbers. Cells must be escaped already. */
export function markdownTable(
  heads: readonly string[],
  sides: string,
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(heads),
    line([...sides].map((side) => (side === 'r' ? '---:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}
