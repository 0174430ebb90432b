import { harmless } from '../../lib/text.ts';

const LONGEST = 4_000;

/**
 * Text as one line of the log that commands nothing. A runner takes a line that begins with `::` for a command, after
 * blanks too, and by an older way of writing one whatever stands behind `##[`, anywhere in the line.
 */
export function logLine(text: string, longest = LONGEST): string {
  return harmless(text, longest)
    .replaceAll('##[', '# #[')
    .replace(/^\s*::/, ': :');
}
