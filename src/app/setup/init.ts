import { parseConfig } from '../../config/read/parse.ts';
import { type AdoptedSystem, readExport } from '../../domain/adopt/adopt.ts';
import { type AdoptedFlag, isLeftOut, type LeftOutFlag } from '../../domain/adopt/flag.ts';
import { RolloutError } from '../../errors.ts';
import { quoted } from '../../lib/text.ts';
import type { Store } from '../../store/store.ts';
import { validate } from './validate.ts';
import {
  fileFromDatabase,
  fileFromFlags,
  firstFileFor,
  isKey,
  KEY_RULE,
  namesThatAreNoKeys,
} from './write-file.ts';

export interface InitialFile {
  text: string;
  features: number;
  /** Errors that the written file would have: the database contains values that are invalid in a file. */
  errors: string[];
  /** Names of features that are invalid as keys, so the file mentions them only in comments. */
  left_out: string[];
  /** Flags of another system that cannot be expressed here. */
  not_taken: LeftOutFlag[];
}

/** Returns the text of a first file, to be edited manually. */
export function firstFile(environment: string | null = null): InitialFile {
  return {
    text: firstFileFor(environment ?? 'production'),
    features: 1,
    errors: [],
    left_out: [],
    not_taken: [],
  };
}

/** Returns the text of a file that matches the database, so that its plan is empty. */
export async function matchingFile(store: Store, environment: string | null = null): Promise<InitialFile> {
  const { state, features } = await store.reading(async (read) => ({
    state: await read.state(),
    features: [...(await read.features.actual()).values()],
  }));
  refuseOther(environment, state.environment, 'the database is that of');
  const text = fileFromDatabase({ ...state, environment: environment ?? state.environment, features });
  const { problems, features: written } = validate(text);
  const errors = problems.filter(({ severity }) => severity === 'error');
  return {
    text,
    features: written,
    left_out: namesThatAreNoKeys(features),
    not_taken: [],
    errors: errors.map(({ path, line, message }) => `line ${line}, ${path}: ${message}`),
  };
}

/** Returns the text of a file with the flags of another system's export; flags that cannot be expressed are listed. */
export function adoptedFile(
  system: AdoptedSystem,
  exported: string,
  environment: string | null,
): InitialFile {
  const { flags, environments } = readExport(system, exported, environment);
  const taken = flags.filter((flag): flag is AdoptedFlag => !isLeftOut(flag));
  const text = fileFromFlags(
    environment ?? environments[0] ?? 'production',
    taken.filter(({ key }) => isKey(key)),
  );
  const { problems, features } = validate(text);
  const errors = problems.filter(({ severity }) => severity === 'error');
  return {
    ...{ text, features },
    left_out: taken.flatMap(({ key }) => (isKey(key) ? [] : [key])),
    not_taken: flags.filter(isLeftOut),
    errors: errors.map(({ path, line, message }) => `line ${line}, ${path}: ${message}`),
  };
}

const ENVIRONMENT = /^[a-z][a-z0-9_-]{0,99}$/;

/** Checks that an environment's name is valid for both GitHub and the file. Throws `usage` otherwise. */
export function checkedEnvironment(name: string): string {
  if (!ENVIRONMENT.test(name)) {
    throw new RolloutError('usage', `--environment is ${quoted(name)}`, {
      hint: 'it begins with a lower-case letter and has lower-case letters, digits, _ and -',
    });
  }
  // The name rollout-operate is reserved for GitHub's environment that guards raises.
  if (!/(^|-)operate$/.test(name)) return name;
  throw new RolloutError(
    'usage',
    `--environment is ${name}, which the environments of GitHub need themselves`,
    {
      hint: 'choose another name, such as staging',
    },
  );
}

/** Throws `usage` if an existing file belongs to another environment. */
export function refuseFileOfOther(environment: string | null, text: string): void {
  const { config } = parseConfig(text);
  if (config) refuseOther(environment, config.environment, 'the file is there already, and that of');
}

function refuseOther(asked: string | null, found: string | null, what: string): void {
  if (asked === null || found === null || asked === found) return;
  throw new RolloutError('usage', `--environment is ${asked}, but ${what} ${found}`, {
    hint: `name a file of its own: --file ${asked}.yaml --environment ${asked}`,
  });
}

/** Throws `usage` and lists the names: a file without these features would ask for less than what is live. */
export function refuseNames(names: readonly string[], source: string, beside = ''): void {
  if (names.length === 0) return;
  const have = names.length === 1 ? 'feature has a name' : 'features have names';
  throw new RolloutError(
    'usage',
    `nothing was written: ${names.length} ${have} that no file can say: ${listedNames(names)}`,
    {
      hint: `rollout init ${source} --skip-invalid leaves them out${beside}; ${KEY_RULE}`,
    },
  );
}

export function listedNames(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => quoted(name));
  return `${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}`;
}
