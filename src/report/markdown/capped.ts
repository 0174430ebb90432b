/** Characters that GitHub takes in one comment, less what a marker and a closing line need. */
export const COMMENT_LIMIT = 65_536 - 600;

/** Bytes that GitHub keeps of the summary of one step, less what a closing line needs. */
export const SUMMARY_LIMIT = 1_048_576 - 600;

/**
 * Markdown cut at the end of a line so that it fits into so many bytes, with a line that says what was left out. Never cut
 * inside of a folded part or a fence, which would swallow what comes after.
 */
export function capped(markdown: string, limit: number): string {
  if (Buffer.byteLength(markdown) <= limit) return markdown;
  const kept: string[] = [];
  let size = 0;
  // A table row, a list entry or a folded part: what lies between two blank lines of the top level, or one line.
  const pieces = piecesOf(markdown);
  for (const piece of pieces) {
    size += Buffer.byteLength(piece) + 1;
    if (size > limit) break;
    kept.push(piece);
  }
  const lost = pieces.slice(kept.length).join('\n').split('\n').length;
  return `${kept.join('\n').trimEnd()}\n\n_${lost.toLocaleString('en-US')} more lines did not fit here; all of it: \`rollout plan\`._`;
}

/** Lines, with a folded part or a fence as one piece. */
function piecesOf(markdown: string): string[] {
  const pieces: string[] = [];
  let open: string[] | null = null;
  let closes = '';
  for (const line of markdown.split('\n')) {
    if (open) {
      open.push(line);
      if (line !== closes) continue;
      pieces.push(open.join('\n'));
      open = null;
    } else if (line === '<details>' || line.startsWith('```')) {
      open = [line];
      closes = line === '<details>' ? '</details>' : '```';
    } else pieces.push(line);
  }
  return open ? [...pieces, ...open] : pieces;
}
