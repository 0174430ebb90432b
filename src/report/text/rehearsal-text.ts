/** The effect of a migration, from the database's catalog. */
export interface RehearsedMigration {
  migrations: readonly string[];
  tables: Differing;
  functions: Differing;
  roles: readonly string[];
  granted: readonly RehearsedRight[];
  revoked: readonly RehearsedRight[];
}

interface Differing {
  added: readonly string[];
  changed: readonly string[];
  removed: readonly string[];
}

interface RehearsedRight {
  role: string;
  privilege: string;
  object: string;
}

/** Limit of names in one line; the others are counted. */
const SHOWN = 6;

export function changesAnything(rehearsed: RehearsedMigration): boolean {
  const { migrations, tables, functions, roles, granted, revoked } = rehearsed;
  const lists = [
    migrations,
    roles,
    granted,
    revoked,
    ...Object.values<readonly string[]>({ ...tables }),
    ...Object.values<readonly string[]>({ ...functions }),
  ];
  return lists.some((list) => list.length > 0);
}

/** Formats one line for each kind of change, and each migration. */
export function rehearsalLines(rehearsed: RehearsedMigration): string[] {
  if (!changesAnything(rehearsed)) return ['nothing to do: migrations and rights are up to date'];
  const { migrations, tables, functions, roles, granted, revoked } = rehearsed;
  return [
    ...migrations.map((name) => `would apply   ${name}`),
    ...differing('tables and views', tables),
    ...differing('functions', functions),
    ...listed('would create roles', roles),
    ...rights('would grant ', 'to', granted),
    ...rights('would revoke', 'from', revoked),
    'nothing was changed',
  ];
}

function differing(what: string, { added, changed, removed }: Differing): string[] {
  return [
    ...listed(`would add ${what}`, added),
    ...listed(`would change ${what}`, changed),
    ...listed(`would drop ${what}`, removed),
  ];
}

function listed(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${what}: ${some(names)}`];
}

function rights(verb: string, preposition: string, all: readonly RehearsedRight[]): string[] {
  const byHolder = new Map<string, string[]>();
  for (const { role, privilege, object } of all) {
    const what = `${privilege} ${preposition} ${role}`;
    byHolder.set(what, [...(byHolder.get(what) ?? []), object]);
  }
  return [...byHolder].map(([what, objects]) => `${verb}  ${what}: ${some(objects)}`);
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}
