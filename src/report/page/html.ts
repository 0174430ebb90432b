import { harmless } from '../../lib/text.ts';

/** Safe markup: made by `html`, from escaped text. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Piece = Html | string | number | null | false | readonly Piece[];

const LONGEST_TEXT = 2_000;

/**
 * Builds a piece of the page. Inserted values are text and are escaped, unless `html` made them; null and false give
 * nothing. Attributes must be in double quotes.
 */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(
    parts.map((part, i) => part + (i < pieces.length ? written(pieces[i] ?? null) : '')).join(''),
  );
}

function written(piece: Piece): string {
  if (piece === null || piece === false) return '';
  if (piece instanceof Html) return piece.text;
  if (Array.isArray(piece)) return piece.map(written).join('');
  return escapeHtml(String(piece));
}

/** Escapes text for an element or a quoted attribute; invisible characters are shown by their number. */
export function escapeHtml(text: string): string {
  return harmless(text, LONGEST_TEXT)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Checks the data of an SVG path: letters and numbers, of any length. Throws on anything else. */
export function path(line: string): Html {
  if (/^[MLHVZvh\d .-]*$/.test(line)) return new Html(line);
  throw new Error('a path is made of letters and numbers');
}

/** Formats JSON for a script element: no text in it can end the element or begin a comment. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/** Returns a feature's anchor on the page. SQL may create any name, but ids allow only plain characters. */
export function anchorOf(feature: string): string {
  return `f-${feature.replace(/[^A-Za-z0-9_-]/g, (character) => `.${character.codePointAt(0)?.toString(16)}`)}`;
}
