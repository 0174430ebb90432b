/** Characters that GitHub takes in the text of an issue, a pull request or a comment. */
const LONGEST = 65_536;

const MARKER = /^<!-- rollout: ([^\n]*?) -->\n/;

/** A text of ours with what it is about hidden in its first line, cut to what GitHub takes. */
export function formatMarked(key: string, text: string): string {
  const line = `<!-- rollout: ${key.replace(/[^\w ./=:#,-]/g, '?').trim()} -->\n`;
  return line + fitting(text.trim(), LONGEST - line.length);
}

/** Takes a marked text apart; null: it is not our text. GitHub may have changed the line ends. */
export function parseMarked(whole: string): { key: string; text: string } | null {
  const text = whole.replaceAll('\r\n', '\n');
  const [line, key] = MARKER.exec(text) ?? [];
  return line === undefined || key === undefined ? null : { key, text: text.slice(line.length) };
}

/** Whole lines, and how many characters were left out. What must not be cut in its midst is cut by whoever wrote it. */
function fitting(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const note = (left: number) => `\n\n_${left} more characters were left out: GitHub takes no longer text._`;
  const room = longest - note(text.length).length;
  const end = text.lastIndexOf('\n', room);
  const kept = text.slice(0, end > 0 ? end : room).trimEnd();
  return kept + note(text.length - kept.length);
}
