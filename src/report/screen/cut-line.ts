import { stripVTControlCharacters } from 'node:util';

/** Scripts and symbols that take two cells of a terminal. */
const WIDE =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\uff01-\uff60]/u;
const NARROW = /\p{Mn}/u;
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'y');
const PLAIN = '\u001b[0m';

/** Returns the number of cells that a text takes on a terminal, without its colours. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += cellsOf(character);
  return width;
}

/** Cuts a line to at most `columns` cells; its colours stay, and are ended at the cut. */
export function cutLine(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  let cut = '';
  let left = columns - 1;
  for (let i = 0; i < line.length; ) {
    COLOUR.lastIndex = i;
    const colour = COLOUR.exec(line)?.[0];
    const character = colour ?? String.fromCodePoint(line.codePointAt(i) ?? 0);
    left -= colour === undefined ? cellsOf(character) : 0;
    if (left < 0) break;
    cut += character;
    i += character.length;
  }
  return `${cut}…${stripVTControlCharacters(line) === line ? '' : PLAIN}`;
}

/** Pads a cell to exactly `columns` columns. */
export function padded(text: string, columns: number, side: 'left' | 'right' = 'left'): string {
  const cut = cutLine(text, columns);
  const space = ' '.repeat(Math.max(0, columns - widthOf(cut)));
  return side === 'left' ? cut + space : space + cut;
}

function cellsOf(character: string): number {
  if (NARROW.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
