import { RolloutError } from '../../errors.ts';

/** The parts of a request that identify the caller. */
export interface Asking {
  /** The remote address of the socket; undefined: there is no socket. */
  peer: string | undefined;
  /** Alternating names and values, in the order received. */
  rawHeaders: readonly string[];
  authorization: string | undefined;
}

/** A verified person. */
export interface Identity {
  /** Subject as recorded in history: `proxy:ada`, `oidc:248289761001`. */
  subject: string;
  /** The subject without the prefix of its method. */
  name: string;
  groups: readonly string[];
}

/** Rights of a person beyond reading. `propose` raises only by pull request, and includes `stop`. */
export type Right = 'stop' | 'propose';

/** Groups by the rights of their members; `*` is every verified person. */
export type Rights = Readonly<Record<Right, readonly string[]>>;

/**
 * Verifies the caller of a request; null: the request has no proof. Throws `IdentityRefused` for an invalid proof, and
 * `RolloutError` if the proof cannot be checked now.
 */
export type Identify = (asking: Asking) => Promise<Identity | null>;

/** An invalid proof; the message says why, without quoting the proof. */
export class IdentityRefused extends Error {}

const EVERYBODY = '*';
const LONGEST = 200;

export function has(right: Right, { groups }: Identity, rights: Rights): boolean {
  const named = right === 'stop' ? [...rights.stop, ...rights.propose] : rights.propose;
  return named.some((group) => group === EVERYBODY || groups.includes(group));
}

/** Builds an identity. Throws `IdentityRefused` for a name that history cannot show. */
export function identityOf(how: 'proxy' | 'oidc', name: string, groups: readonly string[]): Identity {
  if (name === '' || name.length > LONGEST || /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) {
    throw new IdentityRefused(`the subject is empty, longer than ${LONGEST} characters, or not printable`);
  }
  return { subject: `${how}:${name}`, name, groups };
}

/** Returns the first method's identity that is not null. */
export function anyOf(ways: readonly Identify[]): Identify {
  return async (asking) => {
    for (const way of ways) {
      const identity = await way(asking);
      if (identity !== null) return identity;
    }
    return null;
  };
}

/** Throws `usage` for groups in an option if no method verifies their members. */
export function refuseGroupsAlone(rights: Rights, proves: boolean): void {
  if (proves || rights.stop.length + rights.propose.length === 0) return;
  throw new RolloutError('usage', 'groups may do something, but nothing proves who is in them', {
    hint: 'add --identity-header NAME with --groups-header NAME, or --oidc-issuer URL with --oidc-audience NAME',
  });
}
