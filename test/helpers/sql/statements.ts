import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** One statement of the store as its source has it. */
export interface Statement {
  /** `snapshot.ts:101` below src/store. */
  place: string;
  /** Null where it is put together by functions. */
  sql: string | null;
  /** Name of each column -> type in TypeScript; null: nobody reads its rows. */
  columns: Map<string, string> | null;
}

const SRC = join(import.meta.dirname, '../../../src');

/** Every statement in `folder` of src whose text stands where it is sent. */
export function statementsIn(folder: string): Statement[] {
  const names = readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .flatMap((name) => statementsOf(join(SRC, folder, name), join(SRC, folder)));
}

function statementsOf(file: string, root: string): Statement[] {
  const text = source(file);
  const found: Statement[] = [];
  for (const match of text.matchAll(/\bquery(?=[<(])/g)) {
    let at = match.index + 'query'.length;
    let type: string | null = null;
    if (text[at] === '<') {
      const end = closing(text, at);
      type = text.slice(at + 1, end - 1);
      at = end;
    }
    const opening = /^\(\s*(soonAnswered\(\s*\{\s*(\.\.\.\([^`]*?\),\s*)?text:\s*)?(?=[`'])/.exec(
      text.slice(at),
    );
    if (!opening) continue;
    const line = text.slice(0, match.index).split('\n').length;
    found.push({
      place: `${relative(root, file)}:${line}`,
      sql: literal(text, at + opening[0].length, file),
      columns: type === null ? null : columnsOf(type, file),
    });
  }
  return found;
}

const sources = new Map<string, string>();

/** A file without its comments, line for line. */
function source(file: string): string {
  const known = sources.get(file);
  if (known !== undefined) return known;
  const lines = (comment: string) => comment.replace(/[^\n]/g, '');
  const text = readFileSync(file, 'utf8')
    .replace(/\/\*\*[\s\S]*?\*\//g, lines)
    .replace(/^[ \t]*\/\/.*$/gm, '');
  sources.set(file, text);
  return text;
}

/** The text of a literal with the constants in it; null where it has anything else. */
function literal(text: string, at: number, file: string): string | null {
  const quote = text[at];
  let result: string | null = '';
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === quote) return result;
    if (text[i] === '\\') {
      const next = text[++i];
      if (result !== null) result += next === 'n' ? '\n' : next;
    } else if (quote === '`' && text.startsWith('${', i)) {
      const end = closing(text, i + 1);
      const value = constant(text.slice(i + 2, end - 1), file);
      result = result === null || value === null ? null : result + value;
      i = end - 1;
    } else if (result !== null) result += text[i];
  }
  return null;
}

/** A constant of this file, or one that it imports, with a literal for its value. */
function constant(name: string, file: string): string | null {
  if (!/^\w+$/.test(name)) return null;
  const declared = new RegExp(`\\bconst ${name} =\\s*(?=[\`'])`).exec(source(file));
  if (declared) return literal(source(file), declared.index + declared[0].length, file);
  const from = importedFrom(name, file);
  return from === null ? null : constant(name, from);
}

function importedFrom(name: string, file: string): string | null {
  for (const [, names = '', from = ''] of source(file).matchAll(
    /import (?:type )?\{([^}]*)\} from '([^']+)'/g,
  )) {
    if (from.startsWith('.') && new RegExp(`\\b${name}\\b`).test(names)) return join(dirname(file), from);
  }
  return null;
}

/** The place behind the bracket that closes the one at `at`. */
function closing(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const character = text[i] ?? '';
    if (character === '`' || character === "'") {
      i = endOfText(text, i) - 1;
    } else if ('<({['.includes(character)) depth += 1;
    else if (')}]'.includes(character) || (character === '>' && text[i - 1] !== '=')) depth -= 1;
    if (depth === 0) return i + 1;
  }
  throw new Error(`nothing closes the bracket at ${at}`);
}

/** The place behind the literal that begins at `at`, with what is put into it. */
function endOfText(text: string, at: number): number {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === quote) return i + 1;
    if (text[i] === '\\') i += 1;
    else if (quote === '`' && text.startsWith('${', i)) i = closing(text, i + 1) - 1;
  }
  throw new Error(`nothing closes the literal at ${at}`);
}

/** Splits at a character that stands in no bracket. */
function split(text: string, at: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if ('<({['.includes(text[i] ?? '')) i = closing(text, i) - 1;
    else if (text[i] === at) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, text.slice(from)].map((part) => part.trim()).filter((part) => part !== '');
}

/** The properties of a type that names what a row has. */
function columnsOf(type: string, file: string): Map<string, string> {
  const parts = split(type.trim(), '&');
  if (parts.length > 1) return merged(parts.map((part) => columnsOf(part, file)));
  const [only = ''] = parts;
  const [, keys, value = ''] = /^\{\s*\[K in keyof (\w+)\]: ([\s\S]+?);?\s*\}$/.exec(only) ?? [];
  if (keys) {
    return new Map([...columnsOf(keys, file)].map(([name, of]) => [name, value.replace(`${keys}[K]`, of)]));
  }
  if (only.startsWith('{')) return members(only.slice(1, -1));
  const [, name = '', args = ''] = /^(\w+)(?:<([\s\S]*)>)?$/.exec(only) ?? [];
  const given = split(args, ',');
  if (name === 'Omit' || name === 'Pick') {
    const keys = new Set([...(given[1] ?? '').matchAll(/'(\w+)'/g)].map(([, key]) => key));
    const all = [...columnsOf(given[0] ?? '', file)];
    return new Map(all.filter(([column]) => keys.has(column) === (name === 'Pick')));
  }
  return declaration(name, given, file);
}

function declaration(name: string, given: readonly string[], file: string): Map<string, string> {
  const text = source(file);
  const head = new RegExp(`\\b(interface|type) ${name}(?:<(\\w+)>)?(?: extends ([^{]*?))? (?==|\\{)`).exec(
    text,
  );
  if (!head) {
    const from = importedFrom(name, file);
    if (from === null) throw new Error(`the type ${name} of ${file} was not found`);
    return declaration(name, given, from);
  }
  const [whole, kind, parameter, parents = ''] = head;
  const at = head.index + whole.length;
  if (kind === 'interface') {
    const own = members(text.slice(at + 1, closing(text, at) - 1));
    return merged([...split(parents, ',').map((parent) => columnsOf(parent, file)), own]);
  }
  const body = split(text.slice(at + 1), ';')[0] ?? '';
  const filled = parameter ? body.replace(new RegExp(`\\b${parameter}\\b`, 'g'), given[0] ?? '') : body;
  return columnsOf(filled, file);
}

function members(body: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const member of split(body, ';')) {
    const [, name = '', optional, type = ''] = /^(?:readonly )?(\w+)(\?)?:\s*([\s\S]+)$/.exec(member) ?? [];
    if (name === '') throw new Error(`what is this member: ${member}`);
    found.set(name, optional ? `${type} | undefined` : type);
  }
  return found;
}

function merged(all: readonly Map<string, string>[]): Map<string, string> {
  return new Map(all.flatMap((one) => [...one]));
}
