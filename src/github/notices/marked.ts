/** Characters that GitHub accepts in the text of an issue, a pull request or a comment. */
const LONGEST = 65_536;

const MARKER = /^<!-- rollout: ([^\n]*?) -->\n/;

/** Formats a text with its key hidden in the first line, cut to GitHub's limit. */
export function formatMarked(key: string, text: string): string {
  const line = `<!-- rollout: ${key.replace(/[^\w ./=:#,-]/g, '?').trim()} -->\n`;
  return line + fitting(text.trim(), LONGEST - line.length);
}

/** Parses a marked text; null: it is not the controller's. GitHub may have changed the line ends. */
export function parseMarked(whole: string): { key: string; text: string } | null {
  const text = whole.replaceAll('\r\n', '\n');
  const [line, key] = MARKER.exec(text) ?? [];
  return line === undefined || key === undefined ? null : { key, text: text.slice(line.length) };
}

/**
 * Cuts to whole lines, and adds how many characters were left out. The writer of a text cuts parts that must stay
 * whole.
 */
function fitting(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const note = (left: number) => `\n\n_${left} more characters were left out: GitHub takes no longer text._`;
  const room = longest - note(text.length).length;
  const end = text.lastIndexOf('\n', room);
  const kept = text.slice(0, end > 0 ? end : room).trimEnd();
  return kept + note(text.length - kept.length);
}
