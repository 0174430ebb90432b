import { quoted } from '../domain/text.ts';
import { RolloutError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { validate } from './validate.ts';
import { FIRST_FILE, fileFromDatabase, KEY_RULE, namesThatAreNoKeys } from './write-file.ts';

export interface InitialFile {
  text: string;
  features: number;
  /** Errors that the written file would have: facts of the database that a file may not say. */
  errors: string[];
  /** Names of features that cannot be keys, so the file says them in comments only. */
  left_out: string[];
}

/** The text of a first file, to be changed by hand. */
export function firstFile(): InitialFile {
  return { text: FIRST_FILE, features: 1, errors: [], left_out: [] };
}

/** The text of a file that says what the database has, so that the plan that follows is empty. */
export async function matchingFile(store: Store): Promise<InitialFile> {
  const { state, features } = await store.reading(async (read) => ({
    state: await read.state(),
    features: [...(await read.features()).values()],
  }));
  const text = fileFromDatabase({ ...state, features });
  const { problems, features: written } = validate(text);
  const errors = problems.filter(({ severity }) => severity === 'error');
  return {
    text,
    features: written,
    left_out: namesThatAreNoKeys(features),
    errors: errors.map(({ path, line, message }) => `line ${line}, ${path}: ${message}`),
  };
}

/** Throws `usage`, listing them: a file without them would ask for less than what is live. */
export function refuseNames(names: readonly string[]): void {
  if (names.length === 0) return;
  const have =
    names.length === 1 ? 'feature of the database has a name' : 'features of the database have names';
  throw new RolloutError(
    'usage',
    `nothing was written: ${names.length} ${have} that no file can say: ${listedNames(names)}`,
    {
      hint: `rollout init --from-database --skip-invalid leaves them out and says in the file how each can go on; ${KEY_RULE}`,
    },
  );
}

export function listedNames(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => quoted(name));
  return `${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}`;
}
