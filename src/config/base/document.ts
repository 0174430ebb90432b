import { Composer, type CST, type Document, Lexer, type ParsedNode, Parser } from 'yaml';
import { harmless } from '../../lib/text.ts';
import { type Place, placesIn } from './places.ts';

// Deepest nesting that is parsed: a correct file has about ten levels, and a very deep one would recurse until the
// stack, or the process, ends.
const DEEPEST = 40;

// Largest number of tokens: a hand-written file of 5 MiB has about two million; one made of commas would fill the
// memory.
const MOST_TOKENS = 3_000_000;

// Limit of reported errors: one missing quote makes the rest of a file unreadable, so more do not help.
const MOST_ERRORS = 20;

export interface YamlError {
  offset: number;
  message: string;
}

/** Text parsed as YAML: its nodes with their offsets, not yet checked. */
export interface YamlText {
  text: string;
  /** Root node; null for an empty file. */
  root: ParsedNode | null;
  /** Errors where the text is not YAML as this format allows it; if there are any, `root` must not be used. */
  errors: YamlError[];
  place(offset: number): Place;
}

/** Parses text as one YAML 1.2 document with string keys. Never throws. */
export function readYaml(text: string): YamlText {
  const place = placesIn(text);
  const { tokens, refused } = tokenize(text);
  if (refused !== null) return { text, root: null, errors: [refused], place };
  const [document, second] = withoutStacks(() => compose(tokens, text.length));
  const errors = (document?.errors ?? []).slice(0, MOST_ERRORS).map((error) => ({
    offset: error.pos[0],
    message: syntaxMessage(error.code, error.message),
  }));
  const directive = tokens.find((token) => token.type === 'directive');
  if (directive)
    errors.push({ offset: directive.offset, message: 'directives such as %YAML are not supported' });
  if (second)
    errors.push({
      offset: second.range[0],
      message: 'a second document begins here; the file must have one',
    });
  return { text, root: document?.contents ?? null, errors, place };
}

function tokenize(text: string): { tokens: CST.Token[]; refused: YamlError | null } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    const refusal = refusalOf(parser.stack.length, ++count);
    if (refusal !== null) return { tokens, refused: { offset: parser.offset, message: refusal } };
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens, refused: null };
}

function refusalOf(depth: number, count: number): string | null {
  if (depth > DEEPEST) return `nested more than ${DEEPEST} levels deep`;
  if (count > MOST_TOKENS)
    return `more than ${MOST_TOKENS} words and signs up to here; this is not a rollout file`;
  return null;
}

/** Returns the first document, and the second if there is one. */
function compose(tokens: CST.Token[], length: number): Document.Parsed[] {
  // Duplicate keys are detected in tree.ts: the library compares every key with every other.
  const composer = new Composer({ uniqueKeys: false, stringKeys: true, merge: false, version: '1.2' });
  const documents: Document.Parsed[] = [];
  for (const document of composer.compose(tokens, true, length)) {
    if (documents.push(document) === 2) break;
  }
  return documents;
}

/**
 * Runs `work` without stack traces: the library creates an Error for every mistake, and a million stacks would take
 * minutes and gigabytes.
 */
function withoutStacks<T>(work: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function syntaxMessage(code: string, message: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab indents this line; indent with spaces';
    case 'BAD_SCALAR_START':
      return `${lowerFirst(message)}; quote the value`;
    case 'NON_STRING_KEY':
      return 'a key must be text';
    case 'KEY_OVER_1024_CHARS':
      return 'a key has more than 1024 characters';
    default:
      return `not valid YAML: ${lowerFirst(harmless(message, 200))}`;
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
