/** A count with its share and the 95% interval of that (Wilson 1927). */
export function wilson(count: number, of: number): string {
  const z = 1.96;
  const share = count / of;
  const middle = (share + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  const percent = (value: number) => `${(Math.max(0, value) * 100).toFixed(2)}%`;
  return `${count} of ${of} (${percent(middle - half)} to ${percent(middle + half)})`;
}
