import { createHash, timingSafeEqual } from 'node:crypto';
import { RolloutError } from '../../errors.ts';

export const ADMIN_TOKEN = 'ROLLOUT_ADMIN_TOKEN';
export const READ_TOKEN = 'ROLLOUT_READ_TOKEN';

const SHORTEST = 32;
const HINT = 'make one with: openssl rand -hex 32';

interface Tokens {
  adminToken: string | null;
  readToken: string | null;
}

/** The tokens of the environment; null for one that is not set. Throws `usage` for one that could be guessed. */
export function tokensOf(environment: Readonly<Record<string, string | undefined>>): Tokens {
  const adminToken = tokenOf(environment, ADMIN_TOKEN);
  const readToken = tokenOf(environment, READ_TOKEN);
  if (adminToken !== null && adminToken === readToken) {
    throw new RolloutError(
      'usage',
      `${ADMIN_TOKEN} and ${READ_TOKEN} are the same: whoever reads could change`,
      {
        hint: HINT,
      },
    );
  }
  return { adminToken, readToken };
}

/** In a time that does not depend on where they differ, or on how long either is. */
export function sameToken(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function tokenOf(environment: Readonly<Record<string, string | undefined>>, variable: string): string | null {
  const token = environment[variable]?.trim();
  if (!token) return null;
  // The value is a secret also where it is a bad one.
  if (token.length < SHORTEST) {
    throw new RolloutError('usage', `${variable} has ${token.length} characters; it needs ${SHORTEST}`, {
      hint: HINT,
    });
  }
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new RolloutError('usage', `${variable} has characters that no header can carry`, { hint: HINT });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
