/** Characters that GitHub accepts in one comment, minus room for a marker and a closing line. */
export const COMMENT_LIMIT = 65_536 - 600;

/** Bytes that GitHub keeps of one step's summary, minus room for a closing line. */
export const SUMMARY_LIMIT = 1_048_576 - 600;

/**
 * Cuts markdown at the end of a line so that it fits into `limit` bytes, and adds a line about the omitted part. Never
 * cuts inside a folded part or a fence, which would swallow the following text.
 */
export function capped(markdown: string, limit: number): string {
  if (Buffer.byteLength(markdown) <= limit) return markdown;
  const kept: string[] = [];
  let size = 0;
  // Pieces that may be cut off: a table row, a list entry or a folded part, otherwise single lines.
  const pieces = piecesOf(markdown);
  for (const piece of pieces) {
    size += Buffer.byteLength(piece) + 1;
    if (size > limit) break;
    kept.push(piece);
  }
  const lost = pieces.slice(kept.length).join('\n').split('\n').length;
  return `${kept.join('\n').trimEnd()}\n\n_${lost.toLocaleString('en-US')} more lines did not fit here; all of it: \`rollout plan\`._`;
}

/** Returns lines, with a folded part or a fence as one piece. */
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
