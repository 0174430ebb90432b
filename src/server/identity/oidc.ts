import { errors, type JWTPayload, jwtVerify } from 'jose';
import { type Asking, type Identify, IdentityRefused, identityOf } from './identity.ts';
import { Issuer, unreachable } from './issuer.ts';

export interface Oidc {
  /** The issuer as in the tokens' `iss`. */
  issuer: string;
  /** Required audience of a token: one made for another service is not accepted. */
  audience: string;
  /** The claim that names the person. */
  subjectClaim: string;
  /** The claim with the names of groups. */
  groupsClaim: string;
}

/**
 * Only signatures with key pairs: with `none`, or with a shared secret in whose place the public key could be used,
 * anybody could sign.
 */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Seconds by which clocks may differ. */
const SKEW_S = 60;
const LONGEST = 16_384;

/** Verifies a bearer token of the issuer. A bearer that is not a signed token is left to other checks. */
export function oidcIdentity(options: Oidc, now: () => Date): Identify {
  const issuer = new Issuer(options.issuer, now);
  return async (asking) => {
    const token = tokenOf(asking);
    if (token === null) return null;
    const payload = await verified(token, options, issuer, now());
    const name = payload[options.subjectClaim];
    if (typeof name !== 'string')
      throw new IdentityRefused(`the token has no text in ${options.subjectClaim}`);
    return identityOf('oidc', name, groupsOf(payload[options.groupsClaim]));
  };
}

async function verified(
  token: string,
  options: Oidc,
  issuer: Issuer,
  currentDate: Date,
): Promise<JWTPayload> {
  const keys = await issuer.keys().catch((error) => {
    throw unreachable(options.issuer, error);
  });
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: options.issuer,
      audience: options.audience,
      algorithms: ALGORITHMS,
      clockTolerance: SKEW_S,
      currentDate,
      requiredClaims: ['exp', options.subjectClaim],
    });
    return payload;
  } catch (error) {
    const why = error instanceof errors.JOSEError ? WORDS[error.code] : undefined;
    if (why === undefined) throw unreachable(options.issuer, error);
    const claim = error instanceof errors.JWTClaimValidationFailed ? ` (${error.claim})` : '';
    throw new IdentityRefused(`${why}${claim}`);
  }
}

/** Names of the claims that may be invalid; any other error comes from elsewhere. */
const WORDS: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'the token has expired',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'the token is not for this server',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'the signature of the token does not hold',
  ERR_JWKS_NO_MATCHING_KEY: 'the token is signed with a key that the issuer does not have',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'the token does not say with which key it is signed',
  ERR_JOSE_ALG_NOT_ALLOWED: 'the token is signed in a way that is not allowed',
  ERR_JOSE_NOT_SUPPORTED: 'the token is signed in a way that is not allowed',
  ERR_JWS_INVALID: 'the token cannot be read',
  ERR_JWT_INVALID: 'the token cannot be read',
};

/** Three parts of base64url separated by points, as in every signed token and in none of the server's own. */
const SIGNED = /^bearer +([\w-]+\.[\w-]+\.[\w-]*) *$/i;

function tokenOf({ authorization: header = '' }: Asking): string | null {
  return header.length > LONGEST ? null : (SIGNED.exec(header)?.[1] ?? null);
}

function groupsOf(claim: unknown): string[] {
  const all = Array.isArray(claim) ? claim : typeof claim === 'string' ? [claim] : [];
  return all.filter((group) => typeof group === 'string');
}
