import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/report/markdown/capped.ts
var COMMENT_LIMIT = 65536 - 600;
var SUMMARY_LIMIT = 1048576 - 600;
function capped(markdown, limit) {
  if (Buffer.byteLength(markdown) <= limit) return markdown;
  const kept = [];
  let size = 0;
  const pieces = piecesOf(markdown);
  for (const piece of pieces) {
    size += Buffer.byteLength(piece) + 1;
    if (size > limit) break;
    kept.push(piece);
  }
  const lost = pieces.slice(kept.length).join("\n").split("\n").length;
  return `${kept.join("\n").trimEnd()}

_${lost.toLocaleString("en-US")} more lines did not fit here; all of it: \`rollout plan\`._`;
}
function piecesOf(markdown) {
  const pieces = [];
  let open = null;
  let closes = "";
  for (const line of markdown.split("\n")) {
    if (open) {
      open.push(line);
      if (line !== closes) continue;
      pieces.push(open.join("\n"));
      open = null;
    } else if (line === "<details>" || line.startsWith("```")) {
      open = [line];
      closes = line === "<details>" ? "</details>" : "```";
    } else pieces.push(line);
  }
  return open ? [...pieces, ...open] : pieces;
}

export {
  COMMENT_LIMIT,
  SUMMARY_LIMIT,
  capped
};
