import { createHash } from 'node:crypto';
import { RolloutError } from '../../errors.ts';
import { PROXY_TOKEN } from '../identity/proxy-header.ts';

export const ADMIN_TOKEN = 'ROLLOUT_ADMIN_TOKEN';
export const READ_TOKEN = 'ROLLOUT_READ_TOKEN';
export const CLIENT_TOKENS = 'ROLLOUT_CLIENT_TOKENS';
export const WRITE_TOKENS = 'ROLLOUT_WRITE_TOKENS';

const SHORTEST = 32;
const HINT = 'make one with: openssl rand -hex 32';

interface Tokens {
  adminToken: string | null;
  readToken: string | null;
  /** Tokens of applications that follow the snapshot. */
  clientTokens: readonly string[];
  /** Tokens of applications that record outcomes. */
  writeTokens: readonly string[];
  /** Token of the proxy that identifies people. */
  proxyToken: string | null;
}

/**
 * Reads the tokens from the environment; null for one that is not set. Throws `usage` for one that could be guessed.
 */
export function tokensOf(environment: Readonly<Record<string, string | undefined>>): Tokens {
  const adminToken = tokenOf(environment, ADMIN_TOKEN);
  const readToken = tokenOf(environment, READ_TOKEN);
  const clientTokens = tokenListOf(environment, CLIENT_TOKENS);
  const writeTokens = tokenListOf(environment, WRITE_TOKENS);
  const proxyToken = tokenOf(environment, PROXY_TOKEN);
  refuseSame({
    [ADMIN_TOKEN]: listOf(adminToken),
    [READ_TOKEN]: listOf(readToken),
    [CLIENT_TOKENS]: clientTokens,
    [WRITE_TOKENS]: writeTokens,
    [PROXY_TOKEN]: listOf(proxyToken),
  });
  return { adminToken, readToken, clientTokens, writeTokens, proxyToken };
}

function listOf(token: string | null): string[] {
  return token === null ? [] : [token];
}

/** Throws if two purposes share a token: its holder would have more rights than intended. */
function refuseSame(tokens: Readonly<Record<string, readonly string[]>>): void {
  const seen = new Map<string, string>();
  for (const [variable, all] of Object.entries(tokens)) {
    for (const token of all) {
      const before = seen.get(token);
      if (before !== undefined && before !== variable) {
        throw new RolloutError(
          'usage',
          `${before} and ${variable} are the same: anyone with one could do what the other is for`,
          {
            hint: HINT,
          },
        );
      }
      seen.set(token, variable);
    }
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

function tokenOf(environment: Environment, variable: string): string | null {
  const token = environment[variable]?.trim();
  return token ? checked(token, variable) : null;
}

/** Returns tokens separated by commas, so that one can be withdrawn while the others stay. */
function tokenListOf(environment: Environment, variable: string): string[] {
  const tokens = (environment[variable] ?? '').split(',').map((token) => token.trim());
  return tokens.filter((token) => token !== '').map((token) => checked(token, variable));
}

function checked(token: string, variable: string): string {
  // Even an invalid value is a secret.
  if (token.length < SHORTEST) {
    throw new RolloutError('usage', `${variable} has ${token.length} characters; it needs ${SHORTEST}`, {
      hint: HINT,
    });
  }
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new RolloutError('usage', `${variable} has characters that no header can carry`, { hint: HINT });
}

/** Identifies a token where it must not be written down. */
export function shortDigest(token: string): string {
  return digest(token).toString('hex').slice(0, 12);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
