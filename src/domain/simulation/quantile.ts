/** Returns the smallest value that at least this share (0 to 1) of the values do not exceed; Infinity for no values. */
export function lowerQuantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  // The epsilon keeps a rounding error of the product from requiring one more value.
  const rank = Math.max(1, Math.ceil(sorted.length * share - 1e-9));
  return sorted[rank - 1] ?? Infinity;
}

/** Returns the share, 0 to 1, for which the condition holds; 0 for an empty list. */
export function shareOf<T>(all: readonly T[], isSo: (one: T) => boolean): number {
  return all.length === 0 ? 0 : all.filter(isSo).length / all.length;
}
