import type { ConfigurationRepository } from '../../app/ports/configuration-repository.ts';
import { editInPlace } from './edit-in-place.ts';
import { readConfigurationFile } from './read-file.ts';

/**
 * A file outside of any repository: it is authoritative itself, and has neither a history that could be rewritten nor
 * proposals.
 */
export function plainFile(path: string): ConfigurationRepository {
  const read = async () => ({ path, content: await readConfigurationFile(path), revision: null });
  return {
    committed: false,
    readTip: read,
    read,
    settlement: async () => 'uncommitted',
    change: ({ edit }) => editInPlace(path, edit),
    withdraw: async () => {},
  };
}
