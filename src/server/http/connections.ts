import type { Server } from 'node:http';
import { isIPv6, type Socket } from 'node:net';

/** Limit of connections of all clients. */
const MOST = 2_000;
/** Limit per address: an application has a handful, an office behind one address some dozens. */
const MOST_OF_ONE = 200;

interface Held {
  socket: Socket;
  address: string;
  /** Number of unfinished requests, including streams. */
  active: number;
}

/**
 * Keeps one client from holding every connection: above a limit, of one address or of all, the oldest idle connection
 * of the address with the most is closed, otherwise its oldest. The newest is never refused, so that a stop gets
 * through even from an address that holds too many.
 *
 * Behind a proxy all connections come from one address: then only the common limit applies.
 */
export function limitConnections(server: Server, { trustProxy }: { trustProxy: boolean }): void {
  /** Connections by address, each in the order of arrival. */
  const held = new Map<string, Map<Socket, Held>>();
  let all = 0;

  server.on('connection', (socket) => {
    const address = addressOf(socket);
    const own = held.get(address) ?? new Map<Socket, Held>();
    held.set(address, own.set(socket, { socket, address, active: 0 }));
    all += 1;
    releases.set(socket, () => release(socket, address));
    socket.once('close', () => forget(socket, address));
    if (own.size > MOST_OF_ONE && !trustProxy) closeOne(own, socket);
    else if (all > MOST) closeOne(largest(), socket);
  });

  /** Streams have limits of their own. */
  function release(socket: Socket, address: string): void {
    forget(socket, address);
    releases.delete(socket);
  }

  server.on('request', ({ socket }, response) => {
    const one = held.get(addressOf(socket))?.get(socket);
    if (one === undefined) return;
    one.active += 1;
    response.once('close', () => {
      one.active -= 1;
    });
  });

  function forget(socket: Socket, address: string): void {
    const own = held.get(address);
    if (!own?.delete(socket)) return;
    all -= 1;
    if (own.size === 0) held.delete(address);
  }

  function largest(): Map<Socket, Held> {
    return [...held.values()].reduce((most, one) => (one.size > most.size ? one : most), new Map());
  }

  function closeOne(own: Map<Socket, Held>, newest: Socket): void {
    const others = [...own.values()].filter(({ socket }) => socket !== newest);
    const one = others.find(({ active }) => active === 0) ?? others[0];
    if (one === undefined) return;
    forget(one.socket, one.address);
    one.socket.destroy();
  }
}

const releases = new WeakMap<Socket, () => void>();

/** Stops counting this connection: it is an application's stream, whose number is limited by token. */
export function countNoMore(socket: Socket): void {
  releases.get(socket)?.();
}

/**
 * Stored by socket, because a closed one has no address any more. For IPv6 the network, because one client owns all of
 * it.
 */
const addresses = new WeakMap<Socket, string>();

function addressOf(socket: Socket): string {
  const known = addresses.get(socket);
  if (known !== undefined) return known;
  const address = networkOf(socket.remoteAddress ?? 'unknown');
  addresses.set(socket, address);
  return address;
}

/**
 * Returns the first 64 bits of an IPv6 address; one that represents an IPv4 address, and any other, is returned
 * unchanged.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [before = '', after] = address.replace(/%.*$/, '').split('::');
  const [left, right] = [before, after ?? ''].map((part) => part.split(':').filter((piece) => piece !== ''));
  const zeros = Array(Math.max(0, 8 - (left?.length ?? 0) - (right?.length ?? 0))).fill('0');
  const pieces = [...(left ?? []), ...(after === undefined ? [] : zeros), ...(right ?? [])];
  return `${pieces.slice(0, 4).join(':')}::/64`;
}
