import { parseConfig } from '../../config/read/parse.ts';
import type { Problem } from '../../domain/spec/problem.ts';

export interface Validation {
  /** No errors; warnings may remain. */
  valid: boolean;
  problems: Problem[];
  features: number;
}

/** Every problem of a file, at once. */
export function validate(content: string | Uint8Array): Validation {
  const { config, problems, broken } = parseConfig(content);
  return { valid: config !== null && broken.size === 0, problems, features: config?.features.size ?? 0 };
}
