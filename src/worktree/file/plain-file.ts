import type { ConfigurationRepository } from '../../app/ports/configuration-repository.ts';
import { editInPlace } from './edit-in-place.ts';
import { readConfigurationFile } from './read-file.ts';

/** A file in no repository: it is the truth itself, has no history that could be rewritten, and no proposals. */
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
