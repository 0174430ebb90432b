import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import { quoted } from '../../lib/text.ts';

/** Milliseconds within which an issuer must answer. */
const SLOWEST_MS = 5_000;
/** Largest answer in bytes; the keys of the largest issuers are some thousands. */
const LARGEST = 256 * 1024;
/**
 * Milliseconds for which keys are cached; a token with an unknown key causes an early request, at most once in this
 * time.
 */
const KEPT_MS = 10 * 60_000;
const PAUSE_MS = 30_000;

/** The keys of an issuer, found by OpenID Connect Discovery; requested when the first token arrives. */
export class Issuer {
  readonly #issuer: string;
  readonly #now: () => Date;
  #keys: Promise<JWTVerifyGetKey> | null = null;
  #failed: { at: number; error: unknown } | null = null;

  constructor(issuer: string, now: () => Date) {
    this.#issuer = issuer;
    this.#now = now;
  }

  /** Returns the keys. Throws the error of the request, and for a while repeats it without a new request. */
  keys(): Promise<JWTVerifyGetKey> {
    const at = this.#now().getTime();
    if (this.#failed !== null && Math.abs(at - this.#failed.at) < PAUSE_MS)
      return Promise.reject(this.#failed.error);
    this.#keys ??= this.#discover().catch((error) => {
      this.#keys = null;
      this.#failed = { at, error };
      throw error;
    });
    return this.#keys;
  }

  async #discover(): Promise<JWTVerifyGetKey> {
    const address = `${this.#issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const answer = await limited(address, { method: 'GET', signal: AbortSignal.timeout(SLOWEST_MS) });
    if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
    const { issuer, jwks_uri } = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (issuer !== this.#issuer) {
      throw new Error(`${address} is of the issuer ${quoted(String(issuer).slice(0, 200))}`);
    }
    if (typeof jwks_uri !== 'string' || !isSafe(jwks_uri)) {
      throw new Error(`the keys of ${this.#issuer} are not at an https address`);
    }
    return createRemoteJWKSet(new URL(jwks_uri), {
      timeoutDuration: SLOWEST_MS,
      cooldownDuration: PAUSE_MS,
      cacheMaxAge: KEPT_MS,
      [customFetch]: limited,
    });
  }
}

/** Throws `usage` for an issuer whose answers could be forged in transit. */
export function issuerOf(text: string): string {
  if (isSafe(text) && new URL(text).search === '' && new URL(text).hash === '') return text;
  throw new RolloutError('usage', `${quoted(text)} is not an issuer of tokens`, {
    hint: 'write it as its tokens have it in "iss": https://login.example.com',
  });
}

/** Plain http is allowed for an issuer on this machine, as in a test. */
function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  return (
    protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
  );
}

/** Fetches without redirects, which could lead anywhere, and with a limited length. */
async function limited(address: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(address, { ...init, redirect: 'error' });
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += part.byteLength;
    if (length > LARGEST) throw new Error(`${address} answers more than ${LARGEST} bytes`);
    parts.push(part);
  }
  return new Response(Buffer.concat(parts), { status: answer.status, headers: answer.headers });
}

/** The error for an unreachable issuer, while nobody can be verified. */
export function unreachable(issuer: string, error: unknown): RolloutError {
  return new RolloutError(
    'issuer_unreachable',
    `tokens of ${issuer} cannot be checked: ${errorText(error)}`,
    {
      hint: 'try again; a stop also works with the admin token, or with: rollout stop FEATURE',
      cause: error,
    },
  );
}
