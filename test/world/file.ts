import { parse } from 'yaml';
import { type Columns, NOBODY } from './admission.ts';

/** One feature as the file writes it. */
export type Written = Record<string, unknown>;

/** rollout.yaml as data. */
export interface WorldFile {
  test_repositories: string[];
  features: Record<string, Written>;
  /** Days without raises by the controller; left out: none. */
  freeze?: { from: string; to: string; reason: string }[];
}

/** Null: it cannot be read. */
export function readFile(text: string | null): WorldFile | null {
  if (text === null) return null;
  try {
    const { version, test_repositories = [], features, freeze } = parse(text) ?? {};
    if (version !== 1 || !features) return null;
    return { test_repositories, features, ...(freeze ? { freeze } : {}) };
  } catch {
    return null;
  }
}

/** One feature a line, so that two people's edits of two features merge. JSON is YAML. */
export function textOf({ test_repositories, features, freeze }: WorldFile): string {
  const lines = Object.entries(features).map(([key, written]) => `  ${key}: ${JSON.stringify(written)}\n`);
  const tests =
    test_repositories.length > 0 ? `test_repositories: ${JSON.stringify(test_repositories)}\n\n` : '';
  const frozen = freeze ? `freeze: ${JSON.stringify(freeze)}\n\n` : '';
  return `version: 1\nenvironment: production\n\n${tests}${frozen}features:\n\n${lines.join('\n')}`;
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
  return {
    subject: String(written.subject ?? 'repository'),
    active: written.active !== false,
    stopped: written.emergency_stop === true,
    strategy: String(written.strategy ?? 'percentage'),
    percentage: written.strategy === 'whitelist' ? 0 : Number(written.percentage ?? 0),
    categories: Array.isArray(written.categories) ? written.categories.map(String) : null,
    whitelist: list(written.whitelist).flatMap((entry) => [entry, ...owners(entry)]),
    blacklist: list(written.blacklist).map((entry) => (entry.includes('/') ? entry.toLowerCase() : entry)),
    salt: String(written.salt ?? feature),
  };
}

/** Is the controller to raise nothing on this day, given as `YYYY-MM-DD`? */
export function isFrozen(file: WorldFile | null, day: string): boolean {
  return file?.freeze?.some(({ from, to }) => from <= day && day <= to) ?? false;
}
