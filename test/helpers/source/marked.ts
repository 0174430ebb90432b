/** Stands before every sentence of a marked source. */
export const MARK = '§';

/**
 * The source with a mark in every string and template that reads like a sentence. Codes, keys and module names have no
 * blank between words and stay as they are, and so do comments.
 */
export function marked(source: string): string {
  let result = '';
  let at = 0;
  while (at < source.length) {
    const end = endOfToken(source, at);
    const token = source.slice(at, end);
    result += isText(token) ? markText(token) : token;
    at = end;
  }
  return result;
}

/** Two words with a blank between them. */
const SENTENCE = /[\p{L}\d%)}:;,.] [\p{L}$({]/u;

function isText(token: string): boolean {
  return /^['"`]/.test(token) && SENTENCE.test(token);
}

function markText(token: string): string {
  return token.slice(0, 1) + MARK + token.slice(1);
}

/** Where the comment, string, template or single character that begins at `at` ends. */
function endOfToken(source: string, at: number): number {
  const two = source.slice(at, at + 2);
  if (two === '//') return endOf(source, '\n', at);
  if (two === '/*') return endOf(source, '*/', at + 2);
  const quote = source[at];
  if (quote === "'" || quote === '"') return endOfString(source, at, quote);
  if (quote === '`') return endOfTemplate(source, at);
  return quote === '/' ? endOfRegex(source, at) : at + 1;
}

function endOf(source: string, end: string, from: number): number {
  const found = source.indexOf(end, from);
  return found < 0 ? source.length : found + end.length;
}

function endOfString(source: string, at: number, quote: string): number {
  let end = at + 1;
  while (end < source.length && source[end] !== quote) end += source[end] === '\\' ? 2 : 1;
  return end + 1;
}

/** A template with the templates in its holes is one token: one mark is enough. */
function endOfTemplate(source: string, at: number): number {
  let end = at + 1;
  while (end < source.length && source[end] !== '`') {
    if (source[end] === '\\') end += 2;
    else if (source.startsWith('${', end)) end = endOfHole(source, end + 2);
    else end += 1;
  }
  return end + 1;
}

function endOfHole(source: string, at: number): number {
  let end = at;
  while (end < source.length && source[end] !== '}') {
    end = source[end] === '{' ? endOfHole(source, end + 1) : endOfToken(source, end);
  }
  return end + 1;
}

/** A slash after an operator begins a regular expression; after a value it divides. */
function endOfRegex(source: string, at: number): number {
  if (!/[=(,:;!&|?{}[\]\n]\s*$/.test(source.slice(Math.max(0, at - 20), at))) return at + 1;
  let end = at + 1;
  let inClass = false;
  while (end < source.length && source[end] !== '\n' && (inClass || source[end] !== '/')) {
    if (source[end] === '[') inClass = true;
    if (source[end] === ']') inClass = false;
    end += source[end] === '\\' ? 2 : 1;
  }
  return end + 1;
}
