/** The smallest value that at least this share (0 to 1) of the values do not exceed. Infinity of nothing. */
export function lowerQuantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  // A rounding error of the product must not ask for one more value.
  const rank = Math.max(1, Math.ceil(sorted.length * share - 1e-9));
  return sorted[rank - 1] ?? Infinity;
}

/** Share, 0 to 1, of those of which it is true; 0 of nothing. */
export function shareOf<T>(all: readonly T[], isSo: (one: T) => boolean): number {
  return all.length === 0 ? 0 : all.filter(isSo).length / all.length;
}
