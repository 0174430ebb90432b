export interface Place {
  /** 1-based. */
  line: number;
  /** 1-based, in UTF-16 code units; a byte order mark does not count. */
  column: number;
}

/** Returns a function from offsets in a text to places. Lines are counted at its first call. */
export function placesIn(text: string): (offset: number) => Place {
  const mark = text.startsWith('\ufeff') ? 1 : 0;
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text, mark);
    const line = lastAtMost(starts, offset);
    return { line: line + 1, column: Math.max(1, offset - (starts[line] ?? 0) + 1) };
  };
}

function lineStarts(text: string, first: number): number[] {
  const starts = [first];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Returns the index of the last sorted number that is at most `limit`; 0 if there is none. */
function lastAtMost(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
