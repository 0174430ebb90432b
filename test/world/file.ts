import { parse } from 'yaml';
import { bundleText, partsOfText } from '../../src/domain/change/bundle.ts';
import { type Columns, NOBODY, type Values } from './admission.ts';
import { ownersOf } from './facts.ts';
import { PARTS } from './files.ts';
import { dayIn, isOpenAt, type WrittenHours } from './hours.ts';

/** One feature as the file writes it. */
export type Written = Record<string, unknown>;

/** The configuration as data, in however many files it stands. */
export interface WorldFile {
  environment: string;
  test_repositories: string[];
  features: Record<string, Written>;
  /** Days without raises by the controller; left out: none. */
  freeze?: { from: string; to: string; reason: string }[];
  /** Limits for the changes after it; left out: none. */
  policy?: WrittenPolicy;
  /** By feature, the included file in which it stands; left out: the main one. */
  homes: Record<string, string>;
}

export interface WrittenPolicy {
  largest_raise?: { points?: number; subjects?: number };
  largest_category_last?: boolean;
  require?: string[];
  hours?: WrittenHours | null;
}

/** Null: it cannot be read. */
export function readFile(text: string | null): WorldFile | null {
  if (text === null) return null;
  try {
    const { main, included } = partsOfText(text);
    const { version, environment, test_repositories = [], features, freeze, policy } = parse(main) ?? {};
    if (version !== 1 || !features) return null;
    const file: WorldFile = {
      ...{ environment, test_repositories, features, homes: {} },
      ...(freeze ? { freeze } : {}),
      ...(policy ? { policy } : {}),
    };
    for (const { path, content } of included) {
      for (const [key, written] of Object.entries(parse(content)?.features ?? {})) {
        file.features[key] = written as Written;
        file.homes[key] = path;
      }
    }
    return file;
  } catch {
    return null;
  }
}

/** One feature a line, so that two people's edits of two features merge. JSON is YAML. */
export function textOf(file: WorldFile): string {
  const { environment, test_repositories, freeze, policy } = file;
  const paths = PARTS.filter((path) => Object.keys(file.features).some((key) => file.homes[key] === path));
  const top = [
    `version: 1\nenvironment: ${environment}\n`,
    ...(paths.length > 0 ? ['include: [rollouts/*.yaml]\n'] : []),
    ...(test_repositories.length > 0 ? [`test_repositories: ${JSON.stringify(test_repositories)}\n`] : []),
    ...(freeze ? [`freeze: ${JSON.stringify(freeze)}\n`] : []),
    ...(policy ? [`policy: ${JSON.stringify(policy)}\n`] : []),
  ];
  const included = paths.map((path) => ({ path, content: featuresOf(file, path) }));
  return bundleText({ main: `${top.join('\n')}\n${featuresOf(file, undefined)}`, included });
}

function featuresOf({ features, homes }: WorldFile, path: string | undefined): string {
  const own = Object.entries(features).filter(([key]) => homes[key] === path);
  if (own.length === 0) return 'features: {}\n';
  return `features:\n\n${own.map(([key, written]) => `  ${key}: ${JSON.stringify(written)}\n`).join('\n')}`;
}

/** Whom a name in a list may mean. */
export type Owners = (name: string) => readonly string[];

/**
 * Who the file would let in, a name meaning everybody who ever had it: what it allows, not what it must do.
 * A feature that is not in the file admits nobody.
 */
export function columnsIn(file: WorldFile | null, feature: string, owners: Owners): Columns {
  const written = file?.features[feature];
  if (!written) return NOBODY;
  const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  const subject = String(written.subject ?? 'repository');
  const values = (filter: unknown) => valuesOf(filter, subject);
  const [listed, barred] = [list(written.whitelist), list(written.blacklist)];
  return {
    subject,
    active: written.active !== false,
    stopped: written.emergency_stop === true,
    strategy: String(written.strategy ?? 'percentage'),
    percentage: written.strategy === 'whitelist' ? 0 : Number(written.percentage ?? 0),
    categories: Array.isArray(written.categories) ? written.categories.map(String) : null,
    whitelist: listed.flatMap((entry) => [entry, ...owners(entry)]),
    blacklist: barred.map((entry) => (entry.includes('/') ? entry.toLowerCase() : entry)),
    salt: String(written.salt ?? feature),
    ...{ where: values(written.where), not: values(written.not) },
    groupBy: typeof written.group_by === 'string' ? written.group_by : null,
    ...{ ownersIn: ownersOf(listed), ownersOut: ownersOf(barred) },
  };
}

/** The owner of a repository is compared without regard to case, everything else as it is written. */
function valuesOf(filter: unknown, subject: string): Values {
  const entries = Object.entries((filter ?? {}) as Record<string, unknown[]>);
  return Object.fromEntries(
    entries.map(([attribute, values]) => {
      const isOwner = subject === 'repository' && attribute === 'owner';
      return [attribute, values.map((one) => (isOwner ? String(one).toLowerCase() : String(one)))];
    }),
  );
}

/** Is the controller to raise nothing on this day, given as `YYYY-MM-DD`? */
export function isFrozen(file: WorldFile | null, day: string): boolean {
  return file?.freeze?.some(({ from, to }) => from <= day && day <= to) ?? false;
}

/** Why the file lets no step be taken at this moment, in milliseconds since 1970; null: nothing is in the way. */
export function closedBy(written: Written | undefined, at: number): string | null {
  const hours = written?.hours as WrittenHours | undefined;
  const day = dayIn(hours?.zone ?? 'UTC', at);
  if (typeof written?.not_before === 'string' && day < written.not_before)
    return `not before ${written.not_before}`;
  if (typeof written?.cutoff === 'string' && day > written.cutoff) return `the cutoff was ${written.cutoff}`;
  return hours && !isOpenAt(hours, at) ? `within ${JSON.stringify(hours)}` : null;
}
