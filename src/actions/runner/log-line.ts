import { harmless } from '../../lib/text.ts';

const LONGEST = 4_000;

/**
 * Formats text as one log line without workflow commands. A runner executes a line that begins with `::`, also after
 * blanks, and by an older syntax whatever follows `##[`, anywhere in the line.
 */
export function logLine(text: string, longest = LONGEST): string {
  return harmless(text, longest)
    .replaceAll('##[', '# #[')
    .replace(/^\s*::/, ': :');
}
