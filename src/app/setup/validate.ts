import { parseConfig } from '../../config/read/parse.ts';
import type { Problem } from '../../domain/spec/problem.ts';
import type { RolloutConfig } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';

export interface Validation {
  /** No errors; warnings may remain. */
  valid: boolean;
  problems: Problem[];
  features: number;
}

/** Returns every problem of a file at once. */
export function validate(content: string | Uint8Array): Validation {
  const { config, problems, broken } = parseConfig(content);
  return { valid: config !== null && broken.size === 0, problems, features: config?.features.size ?? 0 };
}

/** Parses a file without errors. Throws `file_invalid` with the first error otherwise. */
export function validFile(path: string, content: string | Uint8Array): RolloutConfig {
  const { config, problems } = parseConfig(content);
  const error = problems.find(({ severity }) => severity === 'error');
  if (config && !error) return config;
  const where = error?.file === undefined ? path : `${path}, with its ${error.file},`;
  throw new RolloutError('file_invalid', `${where} has errors: line ${error?.line}: ${error?.message}`, {
    hint: `see them with: rollout validate --file ${path}`,
  });
}
