import type { Store } from '../store/store.ts';
import { validate } from './validate.ts';
import { FIRST_FILE, fileFromDatabase } from './write-file.ts';

export interface InitialFile {
  text: string;
  features: number;
  /** Errors that the written file would have: facts of the database that a file may not say. */
  errors: string[];
}

/** The text of a first file, to be changed by hand. */
export function firstFile(): InitialFile {
  return { text: FIRST_FILE, features: 1, errors: [] };
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
    errors: errors.map(({ path, line, message }) => `line ${line}, ${path}: ${message}`),
  };
}
