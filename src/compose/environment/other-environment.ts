import type { OtherEnvironment } from '../../app/ports/other-environment.ts';
import { errorText } from '../../lib/error-text.ts';
import { openPool } from '../../store/db/client.ts';
import { createStore } from '../../store/store.ts';
import type { Environment } from './settings.ts';

const VARIABLE = 'ROLLOUT_PROMOTES_URL';
const CONNECT_MS = 5_000;
const ANSWER_MS = 10_000;

/**
 * Reads the database of another environment, by `ROLLOUT_PROMOTES_URL_STAGING` or `ROLLOUT_PROMOTES_URL`; a login with
 * read rights is enough. The address is never in a file. If it cannot be read, the answer says why, and nothing is
 * proved.
 */
export function otherEnvironmentOf(environment: Environment): OtherEnvironment {
  return async (from, features) => {
    const own = `${VARIABLE}_${from.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
    const url = environment[own]?.trim() || environment[VARIABLE]?.trim();
    if (!url) return `${own} is not set; set it to a reader's URL of that database`;
    try {
      return await read(url, from, features);
    } catch (error) {
      return `its database cannot be read: ${errorText(error)}`;
    }
  };
}

async function read(url: string, from: string, features: readonly string[]) {
  const pool = openPool(url, 'rollout promote', {
    max: 1,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
  });
  try {
    return await createStore(pool).reading(async (reader) => {
      const { environment } = await reader.state();
      if (environment !== from) {
        return environment === null
          ? 'nothing was reconciled in its database yet'
          : `its URL leads to the database of ${environment}`;
      }
      return reader.features.elsewhere(features);
    });
  } finally {
    await pool.end();
  }
}
