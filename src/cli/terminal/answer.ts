import type { Line } from '../../report/text/outcomes/outcome-text.ts';
import type { CommonOptions } from './command.ts';
import type { Terminal } from './terminal.ts';

/** Printed after a person declined. */
export const NOTHING_CHANGED = 'nothing was changed';

/** An answer in both forms; each is built on demand. */
export interface Answer {
  json: () => unknown;
  /** A text, or lines, some of which are remarks about the answer. */
  words: () => string | readonly Line[];
}

/** The one place that decides between JSON and words. */
export function answer(terminal: Terminal, { json }: CommonOptions, form: Answer): void {
  if (json) terminal.json(form.json());
  else print(terminal, form.words());
}

/** Prints an answer in words: its lines to standard output, remarks to standard error. */
export function print(terminal: Terminal, words: string | readonly Line[]): void {
  if (typeof words === 'string') terminal.say(words);
  else for (const { text, beside } of words) (beside ? terminal.note : terminal.say)(text);
}
