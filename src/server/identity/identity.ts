import { RolloutError } from '../../errors.ts';

/** What a request says of who asks, and from where it came. */
export interface Asking {
  /** The address at the other end of the socket; undefined: there is no socket. */
  peer: string | undefined;
  /** Names and values in turn, as they came. */
  rawHeaders: readonly string[];
  authorization: string | undefined;
}

/** Somebody who proved who it is. */
export interface Identity {
  /** As history keeps it: `proxy:ada`, `oidc:248289761001`. */
  subject: string;
  /** The subject without how it was proved. */
  name: string;
  groups: readonly string[];
}

/** What a person may do beyond reading. `propose` raises by pull requests only, and may stop too. */
export type Right = 'stop' | 'propose';

/** Groups by what their members may do; `*` is everybody who proved who it is. */
export type Rights = Readonly<Record<Right, readonly string[]>>;

/**
 * Who asks, as the request proves it; null: it proves nobody. Throws `IdentityRefused` where it brings a proof that
 * does not hold, and `RolloutError` where the proof cannot be checked now.
 */
export type Identify = (asking: Asking) => Promise<Identity | null>;

/** A proof that does not hold; the message says why, without any of the proof. */
export class IdentityRefused extends Error {}

const EVERYBODY = '*';
const LONGEST = 200;

export function has(right: Right, { groups }: Identity, rights: Rights): boolean {
  const named = right === 'stop' ? [...rights.stop, ...rights.propose] : rights.propose;
  return named.some((group) => group === EVERYBODY || groups.includes(group));
}

/** The identity as it is kept. Throws `IdentityRefused` for a name that history could not show. */
export function identityOf(how: 'proxy' | 'oidc', name: string, groups: readonly string[]): Identity {
  if (name === '' || name.length > LONGEST || /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) {
    throw new IdentityRefused(`the subject is empty, longer than ${LONGEST} characters, or not printable`);
  }
  return { subject: `${how}:${name}`, name, groups };
}

/** The first of several ways that proves somebody. */
export function anyOf(ways: readonly Identify[]): Identify {
  return async (asking) => {
    for (const way of ways) {
      const identity = await way(asking);
      if (identity !== null) return identity;
    }
    return null;
  };
}

/** Throws `usage` for groups of an option where nothing proves who is in them. */
export function refuseGroupsAlone(rights: Rights, proves: boolean): void {
  if (proves || rights.stop.length + rights.propose.length === 0) return;
  throw new RolloutError('usage', 'groups may do something, but nothing proves who is in them', {
    hint: 'add --identity-header NAME with --groups-header NAME, or --oidc-issuer URL with --oidc-audience NAME',
  });
}
