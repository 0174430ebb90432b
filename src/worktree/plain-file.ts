import type { ConfigurationRepository } from '../app/ports.ts';
import { readConfigurationFile } from './read-file.ts';

/** A file in no repository: it is the truth itself, and has no history that could be rewritten. */
export function plainFile(path: string): ConfigurationRepository {
  return {
    readTip: async () => ({ path, content: await readConfigurationFile(path), revision: null }),
    settlement: async () => 'contained',
  };
}
