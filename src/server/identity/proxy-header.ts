import { BlockList, isIP } from 'node:net';
import { RolloutError } from '../../errors.ts';
import { quoted } from '../../lib/text.ts';
import { type Asking, type Identify, IdentityRefused, identityOf } from './identity.ts';
import { sameText } from './same-text.ts';

export const PROXY_TOKEN = 'ROLLOUT_PROXY_TOKEN';
/** Header with the token that only the proxy has. */
export const PROXY_TOKEN_HEADER = 'x-rollout-proxy-token';

export interface ProxyHeader {
  /** Name of the header, in lower case. */
  name: string;
  /** Header with names of groups, separated by commas; null: no groups. */
  groups: string | null;
  /** Addresses and networks of the proxy; loopback if none is given. */
  from: readonly string[];
  /** The proxy's token; null: its address is enough. */
  token: string | null;
}

/** Headers that clients and servers write themselves, so they cannot identify anybody. */
const OTHERS =
  /^(authorization|cookie|host|origin|referer|user-agent|content-.*|accept.*|x-forwarded-(for|host|proto|port)|x-api-key|x-rollout-.*)$/;

/**
 * Identifies a person by the proxy's header. Accepted only from the proxy's own address, which is the socket's and
 * never one named by a header; from others the header is ignored. A repeated header is refused: one of the two may be
 * the client's own, which the proxy passed on.
 */
export function proxyIdentity(options: ProxyHeader): Identify {
  const from = networksOf(options.from);
  return async (asking) => {
    if (!isProxy(asking, from)) return null;
    const value = onlyOne(asking, options.name);
    if (value === null) return null;
    const { token } = options;
    if (token !== null && !sameText(onlyOne(asking, PROXY_TOKEN_HEADER) ?? '', token)) {
      throw new IdentityRefused(`${options.name} came without the proxy's token in ${PROXY_TOKEN_HEADER}`);
    }
    const groups = options.groups === null ? null : onlyOne(asking, options.groups);
    return identityOf('proxy', value, groupsOf(groups));
  };
}

/** Throws `usage` for an invalid header name, or for a header that anybody writes. */
export function identityHeader(text: string): string {
  const name = text.trim().toLowerCase();
  if (/^[a-z0-9-]{1,100}$/.test(name) && !OTHERS.test(name)) return name;
  throw new RolloutError('usage', `${quoted(text)} is not a header that names a person`, {
    hint: 'name the header that the proxy sets, and that it removes from what clients send: X-Forwarded-User',
  });
}

/** Throws `usage` for an invalid address or network. */
export function networksOf(given: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const text of given.length > 0 ? given : ['127.0.0.0/8', '::1']) {
    const [address = '', length, ...rest] = text.trim().split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const bits = family === 'ipv6' ? 128 : 32;
    const prefix = length === undefined ? bits : Number(/^\d{1,3}$/.test(length) ? length : Number.NaN);
    if (isIP(address) === 0 || rest.length > 0 || !(prefix >= 1 && prefix <= bits)) {
      throw new RolloutError('usage', `${quoted(text)} is not an address of a proxy`, {
        hint: 'write an address or a network: 10.0.0.7, 10.0.0.0/24, fd00::/64',
      });
    }
    networks.addSubnet(address, prefix, family);
  }
  return networks;
}

function isProxy(asking: Asking, from: BlockList): boolean {
  const peer = asking.peer?.replace(/%.*$/, '');
  if (peer === undefined || isIP(peer) === 0) return false;
  return from.check(peer, isIP(peer) === 6 ? 'ipv6' : 'ipv4');
}

function onlyOne({ rawHeaders: raw }: Asking, name: string): string | null {
  const values = raw.filter((_, at) => at % 2 === 1 && raw[at - 1]?.toLowerCase() === name);
  if (values.length > 1) {
    throw new IdentityRefused(
      `${name} came ${values.length} times: the proxy has to remove what clients send`,
    );
  }
  const value = values[0] === undefined ? '' : decoded(values[0], name).trim();
  return value === '' ? null : value;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Node returns each byte of a header as one character. */
function decoded(value: string, name: string): string {
  try {
    return UTF8.decode(Buffer.from(value, 'latin1'));
  } catch {
    throw new IdentityRefused(`${name} is not UTF-8`);
  }
}

const MOST_GROUPS = 500;

function groupsOf(text: string | null): string[] {
  if (text === null) return [];
  const groups = text.split(',').map((group) => group.trim());
  return groups.filter((group) => group !== '').slice(0, MOST_GROUPS);
}
