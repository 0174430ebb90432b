import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { countNoMore } from '../http/connections.ts';

/** Unread bytes after which a reader is cut off; it reconnects and reads everything again. */
const MOST_UNREAD = 64 * 1024;

export interface StreamLimits {
  /** Limit of all streams. */
  all: number;
  /** Limit per token. */
  ofOne: number;
}

/** One open stream. */
interface Follower {
  response: ServerResponse;
  socket: Socket;
  owner: string;
}

const HEAD = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // Otherwise nginx buffers the events until it has a page of them.
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
};

/** Streams of applications. An event is serialized once and the same buffer written to each. */
export class Followers {
  readonly #limits: StreamLimits;
  readonly #open = new Set<Follower>();
  readonly #byOwner = new Map<string, number>();
  #cut = 0;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  get open(): number {
    return this.#open.size;
  }

  /** Number of streams that were cut off because nobody read them. */
  get cut(): number {
    return this.#cut;
  }

  /** Returns why no further stream of `owner` may open; null if it may. */
  refusal(owner: string): string | null {
    const { all, ofOne } = this.#limits;
    if (this.#open.size >= all) return `${all} applications follow already`;
    if ((this.#byOwner.get(owner) ?? 0) >= ofOne)
      return `${ofOne} applications follow with this token already`;
    return null;
  }

  /** Opens a stream and writes its first event. */
  add(response: ServerResponse, owner: string, headers: Record<string, string>, first: Buffer): void {
    const { socket } = response;
    if (!socket || response.destroyed) return;
    const follower = { response, socket, owner };
    this.#open.add(follower);
    this.#byOwner.set(owner, (this.#byOwner.get(owner) ?? 0) + 1);
    response.once('close', () => this.#remove(follower));
    countNoMore(socket);
    socket.setNoDelay(true);
    response.writeHead(200, { ...HEAD, ...headers });
    response.write(first);
  }

  /** Writes one event to all streams. */
  write(event: Buffer): void {
    for (const follower of this.#open) {
      const { response, socket } = follower;
      if (response.writableLength + socket.writableLength > MOST_UNREAD) {
        this.#cut += 1;
        this.#remove(follower);
        socket.destroy();
      } else response.write(event);
    }
  }

  /** Ends every stream after a last event. */
  close(last: Buffer): void {
    for (const { response } of this.#open) response.end(last);
  }

  #remove(follower: Follower): void {
    if (!this.#open.delete(follower)) return;
    const left = (this.#byOwner.get(follower.owner) ?? 1) - 1;
    if (left === 0) this.#byOwner.delete(follower.owner);
    else this.#byOwner.set(follower.owner, left);
  }
}
