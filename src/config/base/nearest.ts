// Longest checked input: words of the vocabulary have at most about twenty letters, so a longer one is not a
// misspelling.
const LONGEST_WORD = 40;

/**
 * Returns the word that was probably meant, or null.
 *
 * Case and separators are ignored (`emergencyStop` is `emergency_stop`); at most one letter in three may be wrong,
 * missing, extra or swapped with its neighbour.
 */
export function nearest(word: string, words: readonly string[]): string | null {
  if (word.length > LONGEST_WORD) return null;
  const plain = withoutSeparators(word);
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of words) {
    const target = withoutSeparators(candidate);
    const most = Math.max(1, Math.floor(target.length / 3));
    // The distance is at least the difference in length.
    if (Math.abs(plain.length - target.length) > most) continue;
    const distance = editDistance(plain, target);
    if (distance < bestDistance && distance <= most) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Returns how many letters to insert, delete, replace or swap with their neighbour to turn one word into the other. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

function withoutSeparators(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '');
}
