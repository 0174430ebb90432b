import type { Readable } from 'node:stream';

/** One line of a text, numbered from 1; `text` is null if the line is too long to be valid. */
export interface Line {
  number: number;
  text: string | null;
}

/** Largest length of a line: a longer one comes from another kind of file or a missing end of line. */
export const LONGEST_LINE = 1_048_576;

/**
 * Yields the lines of a stream in the portions in which they arrive, so that the reader can act before the next line
 * comes. Blank lines are numbered but left out; any end of line is accepted. Never buffers more of one line than the
 * limit.
 */
export async function* linesOf(stream: Readable): AsyncGenerator<Line[]> {
  const decoder = new TextDecoder();
  const reader = { number: 0, rest: '', tooLong: false };
  for await (const chunk of stream as AsyncIterable<Uint8Array | string>) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = takeLines(reader, text);
    if (lines.length > 0) yield lines;
  }
  const last = takeLines(reader, `${decoder.decode()}\n`);
  if (last.length > 0) yield last;
}

interface Reader {
  number: number;
  /** The text after the last end of a line. */
  rest: string;
  tooLong: boolean;
}

function takeLines(reader: Reader, text: string): Line[] {
  const parts = text.split('\n');
  const open = parts.pop() ?? '';
  const lines: Line[] = [];
  for (const part of parts) {
    addTo(reader, part);
    reader.number += 1;
    if (reader.tooLong) lines.push({ number: reader.number, text: null });
    else if (reader.rest.trim() !== '') lines.push({ number: reader.number, text: reader.rest });
    reader.rest = '';
    reader.tooLong = false;
  }
  addTo(reader, open);
  return lines;
}

function addTo(reader: Reader, part: string): void {
  if (reader.rest.length + part.length > LONGEST_LINE) reader.tooLong = true;
  reader.rest = reader.tooLong ? '' : reader.rest + part;
}
