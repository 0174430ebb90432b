import { inspect } from 'node:util';
import type { Terminal } from '../terminal/terminal.ts';

/** Returns a value that a REPL prints as a text; its fields stay accessible. */
export function shown<T extends object>(value: T, text: string): T {
  return Object.defineProperty(value, inspect.custom, { value: () => text, enumerable: false });
}

/** Returns as a text what `tell` prints to both streams of a terminal. */
export function textOf(terminal: Terminal, tell: (terminal: Terminal) => void): string {
  const lines: string[] = [];
  const keep = (text: string) => void lines.push(text);
  tell({ ...terminal, say: keep, note: keep, progress: () => {} });
  return lines.join('\n');
}
